import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Delivery, PoisonedMessageError } from "../../src/broker/broker.js";
import { Closing } from "../../src/closing.js";
import { openPostgresql } from "../../src/database/postgresql.js";
import { keep } from "../../src/delivery/dead-letters/letters.js";
import { DeadLetterOffice, UnfinishedError } from "../../src/delivery/dead-letters/office.js";
import { createLog } from "../../src/telemetry/log.js";
import { EventQueue } from "../broker/event-queue.js";
import { message } from "../broker/messages.js";
import { type BrokerUnderTest, openSpy, startBroker } from "../broker/rabbitmq-bed.js";
import { openOnServer, type OpenedOnServer } from "../kit/databases.js";
import { upTo } from "../kit/items.js";
import { openCutProxy } from "../services/cut-proxy.js";
import { createVhost, type Vhost } from "../services/vhost.js";
import { waitUntil } from "../services/wait-until.js";
import { deadInOrder, deadLetter, lettersIn, messageIds, where } from "./dead-letter.js";

const everything = { filter: where({}) };
const day = 86_400_000;
const once = { prefetch: 10, maxAttempts: 1 };

let closing: Closing;
let opened: OpenedOnServer;
let vhost: Vhost;
let bed: BrokerUnderTest;

beforeEach(async () => {
  closing = new Closing();
  opened = closing.use(await openOnServer());
  vhost = closing.use(await createVhost());
  bed = closing.use(await startBroker(vhost.url));
});
afterEach(() => closing[Symbol.asyncDispose]());

/** An office over the database and the broker of this test, or over others. */
function makeOffice({
  database = opened.database,
  broker = bed.broker,
  retention = day,
} = {}): DeadLetterOffice {
  const office = new DeadLetterOffice(database, broker, retention, createLog("silent"));
  closing.defer(() => office.stop());
  return office;
}

function untilKept(count: number): Promise<void> {
  return waitUntil(
    `${count} letters in the table`,
    async () => (await lettersIn(opened.database)).length === count,
    { timeout: 20_000, interval: 20 },
  );
}

it("what a handler rejects for good is kept, and handled again once it is retried", async () => {
  const office = makeOffice();
  office.start();
  const handled = new EventQueue<Delivery>();
  let isBroken = true;
  bed.broker.consume(
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
  await bed.broker.publish(sent);
  await untilKept(1);
  const [letter] = await lettersIn(opened.database);
  expect(letter).toMatchObject({
    queue: "notification.delete",
    messageId: sent.id,
    type: "deleted",
    reason: "FAILED",
    attempts: 1,
    body: sent.body,
  });
  expect(letter?.error).toContain("the disk is full");
  expect(letter?.lastFailedAt.getTime()).toBeGreaterThanOrEqual(begin);

  isBroken = false;
  expect(await office.retry({ ids: [letter?.id ?? ""] })).toBe(1);
  expect(await handled.next()).toMatchObject({
    id: sent.id,
    type: "deleted",
    body: sent.body,
    priority: 7,
    failures: 0,
  });
  expect(await lettersIn(opened.database)).toEqual([]);
});

it("what is published straight into the dead queue is kept, whatever it is", async () => {
  makeOffice().start();
  await using spy = await openSpy(vhost.url);
  const garbage = Buffer.from([0, 0xff, 0xfe, 1]);
  spy.channel.sendToQueue("notification.dead", garbage);
  spy.channel.sendToQueue("notification.dead", Buffer.alloc(0), { messageId: "a\0b", type: "\0" });
  await untilKept(2);
  const letters = await lettersIn(opened.database);
  expect(letters.map(({ body }) => body)).toContainEqual(garbage);
  expect(new Set(messageIds(letters))).toEqual(new Set([null, "a\uFFFDb"]));
  await waitUntil("Acknowledging", async () => {
    const { messageCount, consumerCount } = await spy.channel.checkQueue("notification.dead");
    return messageCount === 0 && consumerCount === 1;
  });
});

it("a flood of letters is kept whole, the large among them too", async () => {
  const office = makeOffice();
  await using spy = await openSpy(vhost.url);
  for (const n of upTo(3000)) {
    const body = n % 1000 === 0 ? Buffer.alloc(5 * 1024 * 1024) : Buffer.from(`No. ${n}`);
    spy.channel.sendToQueue("notification.dead", body, { messageId: `letter ${n}` });
  }
  office.start();
  const request = { filter: null, first: 1, after: null, countAll: true };
  await waitUntil("Keeping all", async () => (await office.list(request)).totalCount === 3000);
});

it("a letter without an id can be put back too", async () => {
  await keep(opened.database, [deadLetter({ messageId: null, type: null, body: Buffer.from([0, 255]) })]);
  const [letter] = await lettersIn(opened.database);
  expect(await makeOffice().retry(everything)).toBe(1);
  await using spy = await openSpy(vhost.url);
  const { content, properties } = await spy.take("notification.new");
  expect(content).toEqual(Buffer.from([0, 255]));
  expect(properties).toMatchObject({ messageId: letter?.id });
});

it("all that fit a filter are put back in the order in which they died, and the rest stays", async () => {
  const names = upTo(250).map((n) => `event ${n}`);
  await keep(opened.database, [
    ...deadInOrder(...names),
    deadLetter({ messageId: "other", queue: "notification.read" }),
  ]);
  expect(await makeOffice().retry({ filter: where({ queue: "notification.new" }) })).toBe(250);
  expect(messageIds(await lettersIn(opened.database))).toEqual(["other"]);
  await using spy = await openSpy(vhost.url);
  for (const name of names) {
    expect((await spy.take("notification.new")).properties).toMatchObject({ messageId: name });
  }
});

it("letters that die again while all are put back stay, and are not put back for ever", async () => {
  const office = makeOffice();
  office.start();
  const names = upTo(300).map((n) => `event ${n}`);
  await keep(opened.database, deadInOrder(...names));
  bed.broker.consume(
    "notification.new",
    () => Promise.reject(new PoisonedMessageError("still no good")),
    once,
  );
  expect(await office.retry(everything)).toBe(300);
  const poisoned = { filter: where({ reason: "POISONED" }), first: 1, after: null, countAll: true };
  await waitUntil("Dying again", async () => (await office.list(poisoned)).totalCount === names.length);
});

it("what the broker does not take stays, and is put back the next time", async () => {
  await using narrow = await startBroker(vhost.url, { limits: { unconfirmed: 60 } });
  const office = makeOffice({ broker: narrow.broker });
  await keep(opened.database, deadInOrder(...upTo(100).map((n) => `event ${n}`)));
  const error: unknown = await office.retry(everything).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(UnfinishedError);
  expect(error).toMatchObject({ done: 60 });
  expect(await lettersIn(opened.database)).toHaveLength(40);
  expect(await office.retry(everything)).toBe(40);
  await using spy = await openSpy(vhost.url);
  expect(await spy.channel.checkQueue("notification.new")).toMatchObject({ messageCount: 100 });
});

it("nothing is put back or lost while the broker is away", async () => {
  await using proxy = await openCutProxy(vhost.url);
  await using away = await startBroker(proxy.url);
  const office = makeOffice({ broker: away.broker });
  await keep(opened.database, deadInOrder("a", "b"));
  proxy.cut();
  await away.live.states.next();
  await expect(office.retry(everything)).rejects.toMatchObject({ done: 0 });
  expect(messageIds(await lettersIn(opened.database))).toEqual(["b", "a"]);
});

it("what dies while the database is away is kept once it is back", async () => {
  await using proxy = await openCutProxy(opened.url);
  await using database = await openPostgresql(proxy.url, 2, createLog("silent"));
  const office = makeOffice({ database });
  office.start();
  proxy.cut();
  await using spy = await openSpy(vhost.url);
  spy.channel.sendToQueue("notification.dead", Buffer.from("patient"), { messageId: randomUUID() });
  await waitUntil("Being taken", async () => {
    const { messageCount } = await spy.channel.checkQueue("notification.dead");
    return messageCount === 0;
  });
  expect(await lettersIn(opened.database)).toEqual([]);
  proxy.heal();
  await untilKept(1);
  await office.stop();
});

it("a letter is forgotten after its time", async () => {
  const [old] = deadInOrder("old");
  if (old === undefined) throw new Error("no letter was made");
  await keep(opened.database, [old, deadLetter({ messageId: "fresh" })]);
  makeOffice({ retention: 30_000 }).start();
  await waitUntil(
    "Forgetting",
    async () => messageIds(await lettersIn(opened.database)).join(",") === "fresh",
  );
});

it("stopping twice, or without a start, does no harm", async () => {
  const office = makeOffice();
  await office.stop();
  office.start();
  await office.stop();
  await office.stop();
  await using spy = await openSpy(vhost.url);
  expect(await spy.channel.checkQueue("notification.dead")).toMatchObject({ consumerCount: 0 });
});
