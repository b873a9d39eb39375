import { describe, expect, it } from "vitest";
import { inboxOf, markRead, notify, notifyMany } from "../kit/backend.js";
import { token } from "../kit/app.js";
import { openCluster } from "../kit/cluster.js";
import { upTo } from "../kit/items.js";
import { openReceiver, type ReceivedCall, verified } from "../kit/webhook-receiver.js";
import { subscribe } from "../kit/subscriber.js";
import { createEndpoint, operate } from "../kit/webhooks.js";
import { waitUntil } from "../services/wait-until.js";

/** How long an endpoint is down, in milliseconds; ENDPOINT_OUTAGE=60000 makes it the minute of the promise. */
const outage = Number(process.env["ENDPOINT_OUTAGE"] ?? 5000);

const environment = { WEBHOOK_ALLOWED_NETWORKS: "127.0.0.0/8", LOG_LEVEL: "warn" };

interface WebhookEvent {
  readonly id: string;
  readonly type: string;
  readonly data: { readonly notification?: { readonly title: string }; readonly sequence: number };
}

function eventOf({ body }: ReceivedCall): WebhookEvent {
  return JSON.parse(body) as WebhookEvent;
}

function titleOf(call: ReceivedCall): string {
  return eventOf(call).data.notification?.title ?? "";
}

const inputs = (count: number, userId: (n: number) => string = (n) => `user-${n % 10}`) =>
  upTo(count).map((n) => ({ userId: userId(n), category: "test", title: `${n}` }));

describe.each(["classic", "quorum"])("webhooks by way of %s queues", (queueType) => {
  const cluster = () => openCluster({ ...environment, RABBITMQ_QUEUE_TYPE: queueType });

  it("are given the events that they want, signed, each once, a user's in order", async () => {
    await using service = await cluster();
    const { url } = await service.start();
    await using all = await openReceiver();
    await using reads = await openReceiver();
    const { secret } = await createEndpoint(url, { url: all.url });
    await createEndpoint(url, { url: reads.url, eventTypes: ["READ"] });
    await createEndpoint(url, { url: reads.url, categories: ["another"] });
    for (const n of [1, 2, 3]) await notify(url, "alice", `${n}`);
    const { notifications } = await inboxOf(url, "alice");
    await markRead(
      url,
      "alice",
      notifications.nodes.map(({ id }) => id),
    );
    await waitUntil("Every event", () => all.calls.length === 4 && reads.calls.length === 1);
    const payloads = all.calls.map((call) => verified(call, secret));
    expect(payloads).toMatchObject([
      { type: "notification.created", data: { userId: "alice", sequence: 1, notification: { title: "1" } } },
      { type: "notification.created", data: { sequence: 2 } },
      { type: "notification.created", data: { sequence: 3 } },
      { type: "notification.read", data: { sequence: 4, unreadCount: 0 } },
    ]);
    for (const call of all.calls) expect(call.headers["webhook-id"]).toBe(eventOf(call).id);
  });

  it("that are out of order get everything once they work again, and delay no other", async () => {
    await using service = await cluster();
    const { url } = await service.start();
    await using failing = await openReceiver();
    await using working = await openReceiver();
    let isDown = true;
    failing.answer((response) => response.writeHead(isDown ? 503 : 204).end());
    await createEndpoint(url, { url: failing.url });
    await createEndpoint(url, { url: working.url });
    await notifyMany(url, inputs(200));
    await waitUntil("The endpoint that works", () => working.calls.length === 200);
    await waitUntil("The first failures", () => failing.calls.length >= 5);
    await new Promise((resolve) => setTimeout(resolve, outage));
    const failedCalls = failing.calls.length;
    // Retried rarely while it fails.
    expect(failedCalls).toBeLessThan(5 + 10 + outage / 1000);
    isDown = false;
    const begin = performance.now();
    const titles = () => new Set(failing.calls.slice(failedCalls).map(titleOf));
    await waitUntil("The endpoint that is back", () => titles().size === 200, { timeout: 150_000 });
    const repeats = failing.calls.length - failedCalls - 200;
    process.stdout.write(
      `an endpoint that was down for ${outage / 1000} s (${queueType}): ${failedCalls} failed calls, all of 200 events ` +
        `${((performance.now() - begin) / 1000).toFixed(1)} s after it was back, ${repeats} repeats\n`,
    );
    expect(repeats).toBe(0);
    expect(working.calls).toHaveLength(200);
  });

  it("are given every event when a worker is killed with -9 under load", async () => {
    await using service = await cluster();
    const api = await service.start({ ROLES: "api" });
    const workers = await Promise.all([1, 2].map(() => service.start({ ROLES: "worker" })));
    await using receiver = await openReceiver();
    receiver.answer((response) => void setTimeout(() => response.writeHead(204).end(), 20));
    await createEndpoint(api.url, { url: receiver.url });
    const events = 600;
    for (let sent = 0; sent < events; sent += 100) {
      await notifyMany(
        api.url,
        inputs(100, (n) => `user-${(sent + n) % 50}`),
      );
    }
    await waitUntil("A part of the events", () => receiver.calls.length > events / 5);
    await workers[0]?.stop("SIGKILL");
    const handledByThen = receiver.calls.length;
    const ids = () => new Set(receiver.calls.map((call) => eventOf(call).id));
    await waitUntil("Every event", () => ids().size === events, { timeout: 60_000 });
    process.stdout.write(
      `a worker killed -9 under load (${queueType}): ${handledByThen} of ${events} events by then, all ${events} in the end, ` +
        `${receiver.calls.length - events} repeats\n`,
    );
    expect(new Set(receiver.calls.map(({ headers }) => headers["webhook-id"]))).toEqual(ids());
    expect(await workers[1]?.stop("SIGTERM")).toBe(0);
  });
});

it("A webhook that asks for batches is given many events in one call, by count and by age", async () => {
  await using service = await openCluster(environment);
  const { url } = await service.start();
  await using receiver = await openReceiver();
  const { secret } = await createEndpoint(url, {
    url: receiver.url,
    batch: { maxEvents: 40, maxAge: 1000 },
  });
  await notifyMany(url, inputs(100));
  const sizes = () =>
    receiver.calls.map((call) => (verified(call, secret) as { events: WebhookEvent[] }).events.length);
  const total = () => sizes().reduce((sum, size) => sum + size, 0);
  await waitUntil("Every event", () => total() === 100);
  expect(Math.max(...sizes())).toBe(40);
  expect(receiver.calls.length).toBeLessThan(8);
  await notify(url, "alice", "alone");
  await waitUntil("The one that nobody follows", () => total() === 101);
  expect(sizes().at(-1)).toBe(1);
});

it("A webhook that answers 410 is disabled, and one that refuses an event leaves a dead letter, which can be retried", async () => {
  await using service = await openCluster(environment);
  const { url } = await service.start();
  await using gone = await openReceiver();
  await using strict = await openReceiver();
  gone.answer((response) => response.writeHead(410).end());
  strict.answer((response) => response.writeHead(422).end("no such thing"));
  const { id } = await createEndpoint(url, { url: gone.url });
  await createEndpoint(url, { url: strict.url });
  await notify(url, "alice", "hello");

  const endpoint = `query ($id: ID!) {
    webhookEndpoint(id: $id) { enabled disabledReason attempts { nodes { status delivered attempt } } }
  }`;
  await waitUntil("Disabling", async () => {
    const { webhookEndpoint } = await operate<{ webhookEndpoint: { enabled: boolean } }>(url, endpoint, {
      id,
    });
    return !webhookEndpoint.enabled;
  });
  expect(await operate(url, endpoint, { id })).toEqual({
    webhookEndpoint: {
      enabled: false,
      disabledReason: "GONE",
      attempts: { nodes: [{ status: 410, delivered: false, attempt: 1 }] },
    },
  });

  interface DeadLetters {
    readonly deadLetters: { readonly nodes: { readonly reason: string; readonly error: string }[] };
  }
  const deadLetters = () => operate<DeadLetters>(url, "{ deadLetters { nodes { reason error attempts } } }");
  await waitUntil("The dead letter", async () => (await deadLetters()).deadLetters.nodes.length === 1);
  const [deadLetter] = (await deadLetters()).deadLetters.nodes;
  expect(deadLetter).toMatchObject({ reason: "FAILED", attempts: 1 });
  expect(deadLetter?.error).toContain("422");
  strict.answer((response) => response.writeHead(204).end());
  await operate(url, "mutation { retryDeadLetters(filter: {}) { count } }");
  await waitUntil("The retry", () => strict.calls.length === 2);
  expect((await deadLetters()).deadLetters.nodes).toEqual([]);
});

it("An endpoint that answers Retry-After gets no call for that time, and then gets the event", async () => {
  await using service = await openCluster(environment);
  const { url } = await service.start();
  await using receiver = await openReceiver();
  const arrivals: number[] = [];
  receiver.answer((response) => {
    arrivals.push(performance.now());
    if (arrivals.length === 1) response.writeHead(429, { "retry-after": "3" }).end();
    else response.writeHead(204).end();
  });
  await createEndpoint(url, { url: receiver.url });
  await notify(url, "alice", "after a while");
  await waitUntil("The second attempt", () => arrivals.length === 2);
  const [first = 0, second = 0] = arrivals;
  expect(second - first).toBeGreaterThanOrEqual(3000);
  expect(receiver.calls[1]?.headers["webhook-id"]).toBe(receiver.calls[0]?.headers["webhook-id"]);
});

it("Live delivery needs no worker, and what happened without one is done once there is one", async () => {
  await using service = await openCluster(environment);
  const { url } = await service.start({ ROLES: "api" });
  await using receiver = await openReceiver();
  await createEndpoint(url, { url: receiver.url });
  await using tab = subscribe(url, await token("alice"), { userId: "alice" });
  await tab.until(1, "InboxReady");
  await notifyMany(
    url,
    inputs(200, () => "alice"),
  );
  await tab.until(200, "NotificationCreated");
  expect(receiver.calls).toHaveLength(0);
  const worker = await service.start({ ROLES: "worker" });
  await waitUntil("Every event", () => receiver.calls.length === 200);
  expect(receiver.calls.map(titleOf)).toEqual(upTo(200).map(String));
  expect(await worker.stop("SIGTERM")).toBe(0);
});

it("A worker stops in order though an endpoint does not answer, and another worker brings it the event", async () => {
  await using service = await openCluster(environment);
  const { url } = await service.start({ ROLES: "api" });
  const worker = await service.start({ ROLES: "worker" });
  await using receiver = await openReceiver();
  receiver.answer(() => undefined);
  await createEndpoint(url, { url: receiver.url });
  await notifyMany(
    url,
    inputs(20, () => "alice"),
  );
  await waitUntil("A call", () => receiver.calls.length > 0);
  expect(await worker.stop("SIGTERM")).toBe(0);
  const failedCalls = receiver.calls.length;
  expect(failedCalls).toBe(1);
  receiver.answer((response) => response.writeHead(204).end());
  await service.start({ ROLES: "worker" });
  await waitUntil("Every event", () => new Set(receiver.calls.slice(failedCalls).map(titleOf)).size === 20);
});
