import { describe, expect, it, vi } from "vitest";
import { token } from "../kit/app.js";
import { inboxOf, notify, notifyMany } from "../kit/backend.js";
import { openCluster } from "../kit/cluster.js";
import { lockInbox } from "../kit/inbox-lock.js";
import { sequencesOf, titlesOf, upTo } from "../kit/items.js";
import { openStalledSubscriber } from "../kit/stalled-subscriber.js";
import { subscribe, type Subscriber } from "../kit/subscriber.js";

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
    await lock.waiting(3);
    const stopped = a.stop("SIGTERM");
    for (const tab of tabs) expect(await tab.ended).toMatchObject({ code: 1012, wasClean: true });
    await lock.release();

    expect(await Promise.all(running)).toHaveLength(3);
    expect(await stopped).toBe(0);
    await elsewhere.until(3, "NotificationCreated");
    expect(sequencesOf(elsewhere.received)).toEqual([2, 3, 4]);
    await expect(fetch(a.url)).rejects.toThrow("fetch failed");
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
