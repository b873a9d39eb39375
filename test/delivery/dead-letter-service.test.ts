import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Delivery } from "../../src/server/broker/work-queues.js";
import { PoisonMessageError } from "../../src/server/broker/errors.js";
import { ResourceStack } from "../../src/server/scheduling/resource-stack.js";
import { openPostgresDatabase } from "../../src/server/database/postgres-database.js";
import { storeDeadLetters } from "../../src/server/delivery/dead-letters/store.js";
import { DeadLetterService, PartiallyDoneError } from "../../src/server/delivery/dead-letters/service.js";
import { createLog } from "../../src/server/telemetry/log.js";
import { EventQueue } from "../broker/event-queue.js";
import { message } from "../broker/messages.js";
import { type BrokerUnderTest, openSpy, startBroker } from "../broker/rabbitmq-testbed.js";
import { openOnServer, type OpenedOnServer } from "../kit/databases.js";
import { upTo } from "../kit/items.js";
import { openCutProxy } from "../services/cut-proxy.js";
import { createVhost, type Vhost } from "../services/vhost.js";
import { waitUntil } from "../services/wait-until.js";
import { createDeadLetters, createDeadLetter, deadLettersIn, messageIds, where } from "./dead-letter.js";

const everything = { filter: where({}) };
const day = 86_400_000;
const once = { prefetch: 10, maxAttempts: 1 };

let closing: ResourceStack;
let opened: OpenedOnServer;
let vhost: Vhost;
let testbed: BrokerUnderTest;

beforeEach(async () => {
  closing = new ResourceStack();
  opened = closing.use(await openOnServer());
  vhost = closing.use(await createVhost());
  testbed = closing.use(await startBroker(vhost.url));
});
afterEach(() => closing[Symbol.asyncDispose]());

/** An service over the database and the broker of this test, or over others. */
function makeService({
  database = opened.database,
  broker = testbed.broker,
  retention = day,
} = {}): DeadLetterService {
  const service = new DeadLetterService(database, broker, retention, createLog("silent"));
  closing.defer(() => service.stop());
  return service;
}

function untilKept(count: number): Promise<void> {
  return waitUntil(
    `${count} dead letters in the table`,
    async () => (await deadLettersIn(opened.database)).length === count,
    { timeout: 20_000, interval: 20 },
  );
}

it("a message that a handler rejects for good is stored, and is handled again after a retry", async () => {
  const service = makeService();
  service.start();
  const handled = new EventQueue<Delivery>();
  let isBroken = true;
  testbed.broker.consume(
    "notification.delete",
    async (delivery) => {
      if (isBroken) throw new Error("the disk is full");
      handled.push(delivery);
    },
    once,
  );
  const sent = message('{"hello":"world"}', {
    routingKey: "notification.delete",
    type: "deleted",
    priority: 7,
  });
  const begin = Date.now();
  await testbed.broker.publish(sent);
  await untilKept(1);
  const [deadLetter] = await deadLettersIn(opened.database);
  expect(deadLetter).toMatchObject({
    queue: "notification.delete",
    messageId: sent.id,
    type: "deleted",
    reason: "FAILED",
    attempts: 1,
    body: sent.body,
  });
  expect(deadLetter?.error).toContain("the disk is full");
  expect(deadLetter?.lastFailedAt.getTime()).toBeGreaterThanOrEqual(begin);

  isBroken = false;
  expect(await service.retry({ ids: [deadLetter?.id ?? ""] })).toBe(1);
  expect(await handled.next()).toMatchObject({
    id: sent.id,
    type: "deleted",
    body: sent.body,
    priority: 7,
    failures: 0,
  });
  expect(await deadLettersIn(opened.database)).toEqual([]);
});

it("a message that is published directly to the dead-letter queue is stored, whatever it contains", async () => {
  makeService().start();
  await using spy = await openSpy(vhost.url);
  const garbage = Buffer.from([0, 0xff, 0xfe, 1]);
  spy.channel.sendToQueue("notification.dead", garbage);
  spy.channel.sendToQueue("notification.dead", Buffer.alloc(0), { messageId: "a\0b", type: "\0" });
  await untilKept(2);
  const deadLetters = await deadLettersIn(opened.database);
  expect(deadLetters.map(({ body }) => body)).toContainEqual(garbage);
  expect(new Set(messageIds(deadLetters))).toEqual(new Set([null, "a\uFFFDb"]));
  await waitUntil("Acknowledging", async () => {
    const { messageCount, consumerCount } = await spy.channel.checkQueue("notification.dead");
    return messageCount === 0 && consumerCount === 1;
  });
});

it("every dead letter of a flood is stored, large ones too", async () => {
  const service = makeService();
  await using spy = await openSpy(vhost.url);
  for (const n of upTo(3000)) {
    const body = n % 1000 === 0 ? Buffer.alloc(5 * 1024 * 1024) : Buffer.from(`No. ${n}`);
    spy.channel.sendToQueue("notification.dead", body, { messageId: `dead letter ${n}` });
  }
  service.start();
  const request = { filter: null, first: 1, after: null, countAll: true };
  await waitUntil(
    "All dead letters in the list",
    async () => (await service.list(request)).totalCount === 3000,
  );
});

it("a dead letter without a message id can be retried, too", async () => {
  await storeDeadLetters(opened.database, [
    createDeadLetter({ messageId: null, type: null, body: Buffer.from([0, 255]) }),
  ]);
  const [deadLetter] = await deadLettersIn(opened.database);
  expect(await makeService().retry(everything)).toBe(1);
  await using spy = await openSpy(vhost.url);
  const { content, properties } = await spy.take("notification.new");
  expect(content).toEqual(Buffer.from([0, 255]));
  expect(properties).toMatchObject({ messageId: deadLetter?.id });
});

it("all dead letters that match a filter are retried in the order in which they failed, and the others remain", async () => {
  const names = upTo(250).map((n) => `event ${n}`);
  await storeDeadLetters(opened.database, [
    ...createDeadLetters(...names),
    createDeadLetter({ messageId: "other", queue: "notification.read" }),
  ]);
  expect(await makeService().retry({ filter: where({ queue: "notification.new" }) })).toBe(250);
  expect(messageIds(await deadLettersIn(opened.database))).toEqual(["other"]);
  await using spy = await openSpy(vhost.url);
  for (const name of names) {
    expect((await spy.take("notification.new")).properties).toMatchObject({ messageId: name });
  }
});

it("dead letters that fail again while all are retried remain, and are not retried forever", async () => {
  const service = makeService();
  service.start();
  const names = upTo(300).map((n) => `event ${n}`);
  await storeDeadLetters(opened.database, createDeadLetters(...names));
  testbed.broker.consume(
    "notification.new",
    () => Promise.reject(new PoisonMessageError("still no good")),
    once,
  );
  expect(await service.retry(everything)).toBe(300);
  const poisoned = { filter: where({ reason: "POISONED" }), first: 1, after: null, countAll: true };
  await waitUntil("Dying again", async () => (await service.list(poisoned)).totalCount === names.length);
});

it("a dead letter that the broker does not confirm remains, and is retried the next time", async () => {
  await using narrow = await startBroker(vhost.url, { limits: { unconfirmed: 60 } });
  const service = makeService({ broker: narrow.broker });
  await storeDeadLetters(opened.database, createDeadLetters(...upTo(100).map((n) => `event ${n}`)));
  const error: unknown = await service.retry(everything).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(PartiallyDoneError);
  expect(error).toMatchObject({ done: 60 });
  expect(await deadLettersIn(opened.database)).toHaveLength(40);
  expect(await service.retry(everything)).toBe(40);
  await using spy = await openSpy(vhost.url);
  expect(await spy.channel.checkQueue("notification.new")).toMatchObject({ messageCount: 100 });
});

it("no dead letter is retried or lost while the broker is unavailable", async () => {
  await using proxy = await openCutProxy(vhost.url);
  await using away = await startBroker(proxy.url);
  const service = makeService({ broker: away.broker });
  await storeDeadLetters(opened.database, createDeadLetters("a", "b"));
  proxy.cut();
  await away.live.states.next();
  await expect(service.retry(everything)).rejects.toMatchObject({ done: 0 });
  expect(messageIds(await deadLettersIn(opened.database))).toEqual(["b", "a"]);
});

it("a message that is dead-lettered while the database is unavailable is stored when it is available again", async () => {
  await using proxy = await openCutProxy(opened.url);
  await using database = await openPostgresDatabase(proxy.url, 2, createLog("silent"));
  const service = makeService({ database });
  service.start();
  proxy.cut();
  await using spy = await openSpy(vhost.url);
  spy.channel.sendToQueue("notification.dead", Buffer.from("waiting"), { messageId: randomUUID() });
  await waitUntil("Being taken", async () => {
    const { messageCount } = await spy.channel.checkQueue("notification.dead");
    return messageCount === 0;
  });
  expect(await deadLettersIn(opened.database)).toEqual([]);
  proxy.heal();
  await untilKept(1);
  await service.stop();
});

it("a dead letter is purged after its retention", async () => {
  const [old] = createDeadLetters("old");
  if (old === undefined) throw new Error("no dead letter was created");
  await storeDeadLetters(opened.database, [old, createDeadLetter({ messageId: "fresh" })]);
  makeService({ retention: 30_000 }).start();
  await waitUntil(
    "Forgetting",
    async () => messageIds(await deadLettersIn(opened.database)).join(",") === "fresh",
  );
});

it("stopping twice, or without a start, does no harm", async () => {
  const service = makeService();
  await service.stop();
  service.start();
  await service.stop();
  await service.stop();
  await using spy = await openSpy(vhost.url);
  expect(await spy.channel.checkQueue("notification.dead")).toMatchObject({ consumerCount: 0 });
});
