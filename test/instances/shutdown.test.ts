import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { describe, expect, it, vi } from "vitest";
import { migrationLock } from "../../src/server/database/migrate.js";
import { jwtSecret, token } from "../kit/app.js";
import { inboxOf, notify, notifyMany } from "../kit/backend.js";
import { openCluster } from "../kit/cluster.js";
import { lockInbox } from "../kit/row-lock.js";
import { sequencesOf, titlesOf, upTo } from "../kit/items.js";
import { openStalledSubscriber } from "../kit/stalled-subscriber.js";
import { waitUntil } from "../services/wait-until.js";
import { subscribe, type Subscriber } from "../kit/subscriber.js";
import { createDatabase } from "../services/database.js";
import { guarded } from "../services/process-guard.js";
import { untilWaiting } from "../kit/waiting-requests.js";

// Several processes start in each test, which takes its time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

/** Milliseconds that an orderly end may take, when no mutation holds it up. */
const bound = 6000;

async function openTab(url: string, userId: string): Promise<Subscriber> {
  const tab = subscribe(url, await token(userId), { userId });
  await tab.until(1, "InboxReady");
  return tab;
}

describe("an instance that gets SIGTERM", () => {
  it("closes its sockets with 1012 at once, answers the mutations that are running, and exits with 0", async () => {
    await using cluster = await openCluster();
    const [a, b] = await Promise.all([cluster.start(), cluster.start()]);
    await notify(a.url, "alice", "the first");
    await using elsewhere = await openTab(b.url, "alice");
    const tabs = await Promise.all(upTo(5).map((n) => openTab(a.url, `user ${n}`)));

    await using lock = await lockInbox(cluster.databaseUrl, "alice");
    const running = upTo(3).map((n) => notify(a.url, "alice", `running ${n}`));
    await lock.waiting(1);
    await untilWaiting(a.url, 2);
    const stopped = a.stop("SIGTERM");
    const [tab] = tabs;
    await tab?.ended;
    await lock.release();
    for (const tab of tabs) expect(await tab.ended).toMatchObject({ code: 1012, wasClean: true });

    expect(await Promise.all(running)).toHaveLength(3);
    expect(await stopped).toBe(0);
    await elsewhere.until(3, "NotificationCreated");
    expect(sequencesOf(elsewhere.received)).toEqual([2, 3, 4]);
    await expect(fetch(a.url)).rejects.toThrow("fetch failed");
  });

  it("continues to serve for SHUTDOWN_DELAY and says that it accepts no traffic, then closes its sockets", async () => {
    await using cluster = await openCluster();
    const a = await cluster.start({ SHUTDOWN_DELAY: "8000" });
    await using early = await openTab(a.url, "alice");
    const begin = performance.now();
    const stopped = a.stop("SIGTERM");
    await waitUntil("Being announced", async () => (await fetch(`${a.url}/health/ready`)).status === 503);
    // A load balancer that has not noticed yet still sends people here.
    await using late = await openTab(a.url, "alice");
    await notify(a.url, "alice", "while it drains");
    await Promise.all([early, late].map((tab) => tab.until(1, "NotificationCreated")));

    for (const tab of [early, late]) expect(await tab.ended).toMatchObject({ code: 1012, wasClean: true });
    expect(performance.now() - begin).toBeGreaterThan(7500);
    expect(await stopped).toBe(0);
  });

  it("loses no mutation that it acknowledged under load", async () => {
    await using cluster = await openCluster();
    const [a, b] = await Promise.all([cluster.start(), cluster.start()]);
    const users = upTo(4).map((n) => `user ${n}`);
    const here = await Promise.all(users.map((user) => openTab(a.url, user)));
    const there = await Promise.all(users.map((user) => openTab(b.url, user)));

    const acknowledged = new Map(users.map((user) => [user, [] as string[]]));
    const writers = users.map((user) => writeUntilRefused(a.url, user, acknowledged.get(user) ?? []));
    await Promise.all(there.map((tab) => tab.until(20, "NotificationCreated")));
    const begin = performance.now();
    expect(await a.stop("SIGTERM")).toBe(0);
    expect(performance.now() - begin).toBeLessThan(bound);

    for (const tab of here) expect(await tab.ended).toMatchObject({ code: 1012 });
    // A request that was cut off before it was answered may still have been carried out; nothing else fails.
    for (const error of await Promise.all(writers)) expect(error).toMatchObject({ message: "fetch failed" });
    for (const [index, user] of users.entries()) {
      const tab = there[index];
      const { totalCount } = await inboxOf(b.url, user);
      await tab?.until(totalCount, "NotificationCreated");
      expect(sequencesOf(tab?.received ?? [])).toEqual(upTo(totalCount));
      const titles = titlesOf(tab?.received ?? []);
      expect(titles).toEqual(expect.arrayContaining(acknowledged.get(user) ?? []));
      expect(new Set(titles).size).toBe(titles.length);
    }
  });

  it("does not wait for a client that has stopped reading", async () => {
    await using cluster = await openCluster();
    const a = await cluster.start();
    await using _stalled = await openStalledSubscriber(a.url, await token("alice"), "alice");
    await using reading = await openTab(a.url, "alice");
    // More than the system buffers for a socket that nobody reads.
    const inputs = upTo(200).map((n) => ({
      userId: "alice",
      category: "test",
      title: `${n}`,
      body: "x".repeat(4000),
    }));
    for (const _ of upTo(10)) await notifyMany(a.url, inputs);
    await reading.until(2000, "NotificationCreated");

    const begin = performance.now();
    expect(await a.stop("SIGTERM")).toBe(0);
    expect(performance.now() - begin).toBeLessThan(bound);
    expect(await reading.ended).toMatchObject({ code: 1012 });
  });

  it("has published what it acknowledged just before", async () => {
    await using cluster = await openCluster();
    const [a, b] = await Promise.all([cluster.start(), cluster.start()]);
    await using elsewhere = await openTab(b.url, "alice");
    await notify(a.url, "alice", "the last words");
    const stopped = a.stop("SIGTERM");
    const begin = performance.now();
    await elsewhere.until(1, "NotificationCreated");
    expect(performance.now() - begin).toBeLessThan(bound);
    expect(titlesOf(elsewhere.received)).toEqual(["the last words"]);
    expect(await stopped).toBe(0);
  });
});

it("an instance that gets SIGTERM while it still starts ends at once, and has done nothing", async () => {
  await using database = await createDatabase();
  const sql = postgres(database.url, { max: 1 });
  // As another instance holds it that migrates.
  await sql.unsafe(`select pg_advisory_lock(${migrationLock})`);
  const child = guarded(
    spawn(process.execPath, [fileURLToPath(new URL("../../dist/src/server/main.js", import.meta.url))], {
      env: { PATH: process.env["PATH"], PORT: "0", DATABASE_URL: database.url, AUTH_JWT_SECRET: jwtSecret },
      stdio: "ignore",
      detached: true,
    }),
  );
  const waiting = async (): Promise<boolean> =>
    (
      await sql`select from pg_locks where locktype = 'advisory' and not granted
        and database = (select oid from pg_database where datname = current_database())`
    ).length > 0;
  await waitUntil("Waiting for the migration lock", waiting);
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
  await sql.end();
});

it("an instance that is interrupted by Ctrl-C waits for no load balancer", async () => {
  await using cluster = await openCluster();
  const a = await cluster.start({ SHUTDOWN_DELAY: "600000" });
  await using tab = await openTab(a.url, "alice");
  const stopped = a.stop("SIGINT");
  expect(await tab.ended).toMatchObject({ code: 1012 });
  expect(await stopped).toBe(0);
});

describe("an instance with an error that nothing catches", () => {
  /** Runs the statement in the instance when it gets SIGUSR2. */
  function onSignal(statement: string): NodeJS.ProcessEnv {
    const script = `process.on("SIGUSR2", () => { ${statement} });`;
    return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` };
  }

  it.each([
    ["an exception", 'throw new Error("boom");'],
    ["a rejection", 'void Promise.reject(new Error("boom"));'],
  ])("logs %s in one line, closes its sockets with 1012 and exits with 1", async (_what, statement) => {
    await using cluster = await openCluster();
    const instance = await cluster.start({ SHUTDOWN_DELAY: "600000", ...onSignal(statement) });
    await using tab = await openTab(instance.url, "alice");
    const stopped = instance.stop("SIGUSR2");
    expect(await tab.ended).toMatchObject({ code: 1012, wasClean: true });
    expect(await stopped).toBe(1);
    const lines = instance.output().split("\n");
    const fatal = lines.filter((line) => line.includes('"level":"fatal"'));
    expect(fatal).toEqual([expect.stringMatching(/"message":"boom".*"msg":"uncaught error"/)]);
    expect(lines.filter((line) => line.includes("boom"))).toHaveLength(1);
  });

  it("exits with 1 although a rejection has no reason", async () => {
    await using cluster = await openCluster();
    const instance = await cluster.start(onSignal("void Promise.reject();"));
    expect(await instance.stop("SIGUSR2")).toBe(1);
  });
});

it("an instance that gets a second signal ends at once", async () => {
  await using cluster = await openCluster();
  const a = await cluster.start({ SHUTDOWN_DELAY: "600000" });
  const stopped = a.stop("SIGTERM");
  await waitUntil("Being announced", async () => (await fetch(`${a.url}/health/ready`)).status === 503);
  await sleep(600);
  a.process.kill("SIGTERM");
  expect(await stopped).toBe(1);
});

/** Creates one notification after the other, notes those that were acknowledged, and gives the error that ended it. */
async function writeUntilRefused(url: string, userId: string, acknowledged: string[]): Promise<unknown> {
  for (let n = 1; ; n += 1) {
    const title = `message ${n}`;
    try {
      await notify(url, userId, title);
      acknowledged.push(title);
    } catch (error) {
      return error;
    }
  }
}
