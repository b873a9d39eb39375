import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { token } from "../kit/app.js";
import { notify } from "../kit/backend.js";
import { type Instance, startInstance } from "../kit/instance.js";
import { inWords } from "../kit/items.js";
import { subscribe } from "../kit/subscriber.js";
import { createDatabase, type TestDatabase } from "../services/database.js";
import { freePort } from "../services/free-port.js";
import { type RabbitmqNode, startRabbitmqNode } from "../services/rabbitmq-node.js";
import { waitUntil } from "../services/wait-until.js";

// Several processes start in each test, which takes its time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

interface Answer {
  readonly code: number;
  readonly body: unknown;
}

async function health(instance: Instance, path: "live" | "ready" | "rabbitmq" | "database"): Promise<Answer> {
  const response = await fetch(`${instance.url}/health/${path}`);
  return { code: response.status, body: await response.json() };
}

async function becomes(instance: Instance, path: "live" | "rabbitmq", code: number): Promise<void> {
  let last: Answer | undefined;
  const check = async (): Promise<boolean> => (last = await health(instance, path)).code === code;
  await waitUntil(`/health/${path} answering ${code}`, check, {
    timeout: 20_000,
    interval: 20,
    detail: () => JSON.stringify(last),
  });
}

describe("health, and what it stands for, while the broker comes and goes", () => {
  let broker: RabbitmqNode;
  let database: TestDatabase;
  let instance: Instance;

  beforeAll(async () => {
    [broker, database] = await Promise.all([startRabbitmqNode(), createDatabase()]);
    instance = await startInstance({
      DATABASE_URL: database.url,
      RABBITMQ_URL: broker.url,
      RABBITMQ_RECONNECT_INTERVAL: "200",
      RABBITMQ_MAX_RECONNECT_ATTEMPTS: "0",
    });
  });
  afterAll(async () => {
    for (const part of [instance, database, broker]) await part[Symbol.asyncDispose]();
  });

  it("all is well while the broker is there", async () => {
    expect(await health(instance, "live")).toEqual({ code: 200, body: { status: "ok" } });
    expect(await health(instance, "ready")).toEqual({
      code: 200,
      body: { status: "ok", accepting: true, database: "ok", broker: "ok" },
    });
    expect(await health(instance, "rabbitmq")).toMatchObject({
      code: 200,
      body: { status: "ok", kind: "rabbitmq", publishing: "connected", consuming: "connected" },
    });
    expect(await health(instance, "database")).toMatchObject({
      code: 200,
      body: { status: "ok", kind: "postgres" },
    });
  });

  it("without the broker mutations are answered and events are late by about a second; with it, all is well again", async () => {
    const alice = await token("alice");
    await using tab = subscribe(instance.url, alice, { userId: "alice" });
    await tab.until(1, "InboxReady");
    await broker.kill();
    await becomes(instance, "rabbitmq", 503);
    expect(await health(instance, "live")).toMatchObject({ code: 200 });
    expect(await health(instance, "ready")).toEqual({
      code: 200,
      body: { status: "degraded", accepting: true, database: "ok", broker: "degraded" },
    });

    for (const n of [1, 2, 3]) {
      const begin = performance.now();
      await notify(instance.url, "alice", `without ${n}`);
      const answered = performance.now();
      await tab.until(n, "NotificationCreated");
      expect(answered - begin).toBeLessThan(1000);
      expect(performance.now() - answered).toBeLessThan(2500);
    }
    // Who comes meanwhile is served as well.
    await using late = subscribe(instance.url, alice, { userId: "alice" });
    await late.until(1, "InboxReady");

    await broker.start();
    await becomes(instance, "rabbitmq", 200);
    expect(await health(instance, "ready")).toMatchObject({ code: 200, body: { status: "ok" } });
    const begin = performance.now();
    for (const n of [1, 2, 3, 4, 5]) {
      await notify(instance.url, "alice", `with ${n}`);
      await tab.until(3 + n, "NotificationCreated");
    }
    // Five one after the other: at the pace of the comparison they would take longer.
    expect(performance.now() - begin).toBeLessThan(2500);
    await late.until(6);
    expect(tab.received.map(inWords)).toEqual([
      "InboxReady",
      "1 NotificationCreated 'without 1'",
      "2 NotificationCreated 'without 2'",
      "3 NotificationCreated 'without 3'",
      "4 NotificationCreated 'with 1'",
      "5 NotificationCreated 'with 2'",
      "6 NotificationCreated 'with 3'",
      "7 NotificationCreated 'with 4'",
      "8 NotificationCreated 'with 5'",
    ]);
    expect(late.received.map(inWords)).toEqual(["InboxReady", ...tab.received.slice(4).map(inWords)]);
  });
});

it("an instance that has given up on its broker asks for a restart, and continues to serve", async () => {
  await using database = await createDatabase();
  await using instance = await startInstance({
    DATABASE_URL: database.url,
    RABBITMQ_URL: `amqp://127.0.0.1:${await freePort()}`,
    RABBITMQ_RECONNECT_INTERVAL: "20",
    RABBITMQ_MAX_RECONNECT_ATTEMPTS: "2",
  });
  await becomes(instance, "live", 503);
  expect(await health(instance, "rabbitmq")).toMatchObject({ code: 503, body: { exhausted: true } });
  expect(await health(instance, "ready")).toMatchObject({ code: 200, body: { status: "degraded" } });
  await using tab = subscribe(instance.url, await token("alice"), { userId: "alice" });
  await tab.until(1, "InboxReady");
  await notify(instance.url, "alice", "late, not lost");
  await tab.until(1, "NotificationCreated");
});
