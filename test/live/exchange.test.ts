import { connect } from "amqplib";
import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Database } from "../../src/server/database/database.js";
import { openPostgresDatabase } from "../../src/server/database/postgres-database.js";
import { encodeEvent } from "../../src/server/live/event-encoding.js";
import type { NotificationEvent } from "../../src/server/notifications/event.js";
import { createLog } from "../../src/server/telemetry/log.js";
import { startApp } from "../kit/app.js";
import { Domain, newUser } from "../kit/domain.js";
import { inWords, sequencesOf, upTo } from "../kit/items.js";
import { sharedApp } from "../kit/shared-app.js";
import { createDatabase, type TestDatabase } from "../services/database.js";
import { createVhost, type Vhost } from "../services/vhost.js";
import { describeStream, reached, readInbox, subscribeTo } from "./stream.js";

describe("on PostgreSQL and RabbitMQ", () => {
  let created: TestDatabase;
  let vhost: Vhost;
  const service = sharedApp(async () => {
    [created, vhost] = await Promise.all([createDatabase(), createVhost()]);
    const app = await startApp({ DATABASE_URL: created.url, RABBITMQ_URL: vhost.url });
    return {
      ...app,
      async [Symbol.asyncDispose]() {
        await app[Symbol.asyncDispose]();
        await Promise.all([created[Symbol.asyncDispose](), vhost[Symbol.asyncDispose]()]);
      },
    };
  });

  describeStream(service);

  /** The database behind the service's back: what is committed here nobody publishes. */
  const openDatabase = () => openPostgresDatabase(created.url, 2, createLog("silent"));

  /** Sends whatever one likes to the exchange that live events come from. */
  async function openExchange() {
    const model = await connect(vhost.url);
    const channel = await model.createConfirmChannel();
    return {
      async send(...bodies: (string | NotificationEvent)[]) {
        for (const body of bodies) {
          const content = typeof body === "string" ? Buffer.from(body) : encodeEvent(body).body;
          channel.publish("notification.events", "notification.live", content);
        }
        await channel.waitForConfirms();
      },
      [Symbol.asyncDispose]: () => model.close(),
    };
  }

  test("repeats, events out of order and events that come before others are delivered once, in order", async () => {
    const userId = newUser();
    await using database = await openDatabase();
    await using exchange = await openExchange();
    await using subscriber = await subscribeTo(service, userId);
    await subscriber.until(1);
    const domain = new Domain(database);
    await domain.createMany(userId, 9);
    const [one, two, three, four, five, six, seven, eight, nine] = domain.committed;
    if (!one || !two || !three || !four || !five || !six || !seven || !eight || !nine)
      throw new Error("no events");
    await exchange.send(one, one, two, one);
    await reached(subscriber, 2);
    await exchange.send(five, four, three, six, two, six);
    await reached(subscriber, 6);
    await exchange.send(nine);
    await reached(subscriber, 9);
    await exchange.send(seven, eight, nine, one);
    // Whatever comes of the repeats came before this.
    await service.create(userId, 1);
    await reached(subscriber, 10);
    expect(sequencesOf(subscriber.received)).toEqual(upTo(10));
  });

  test("malformed messages are ignored, and later events arrive", async () => {
    const userId = newUser();
    await using exchange = await openExchange();
    await using subscriber = await subscribeTo(service, userId);
    await subscriber.until(1);
    await service.create(userId, 1);
    await reached(subscriber, 1);
    const event = { userId, sequence: 2, type: "created" };
    await exchange.send("", "null", "no JSON", "[]", '{"userId":7}', JSON.stringify(event), "\u0000");
    await service.create(userId, 1);
    await reached(subscriber, 2);
    expect(sequencesOf(subscriber.received)).toEqual([1, 2]);
    expect(await readInbox(service, userId)).toMatchObject({ unreadCount: 2 });
  });

  test("an event that is no event of the log makes the subscription look there, and is not delivered", async () => {
    const userId = newUser();
    await using database = await openDatabase();
    await using exchange = await openExchange();
    await using subscriber = await subscribeTo(service, userId);
    await subscriber.until(1);
    const domain = new Domain(database);
    await domain.createMany(userId, 2);
    const [first] = domain.committed;
    if (first === undefined) throw new Error("no event");
    await exchange.send({ ...first, sequence: 1000 }, { ...first, epoch: crypto.randomUUID() });
    await reached(subscriber, 2);
    await service.create(userId, 1);
    await reached(subscriber, 3);
    expect(subscriber.received.map(({ __typename }) => __typename)).toEqual([
      "InboxReady",
      "NotificationCreated",
      "NotificationCreated",
      "NotificationCreated",
    ]);
    expect(sequencesOf(subscriber.received)).toEqual([1, 2, 3]);
  });

  test("events that were committed and never published arrive all the same", async () => {
    const userId = newUser();
    await using database = await openDatabase();
    await using subscriber = await subscribeTo(service, userId);
    await subscriber.until(1);
    const domain = new Domain(database);
    const ids = await domain.createMany(userId, 3);
    await domain.service.markRead(userId, ids);
    await reached(subscriber, 4);
    expect(subscriber.received.map(inWords).slice(1)).toEqual([
      "1 NotificationCreated 'A title'",
      "2 NotificationCreated 'A title'",
      "3 NotificationCreated 'A title'",
      "4 NotificationsRead",
    ]);
  });

  test("a cursor older than what the log keeps gives one InboxReset, then live events", async () => {
    const userId = newUser();
    await service.create(userId, 1);
    const { cursor } = await readInbox(service, userId);
    await service.create(userId, 4);
    await using database = await openDatabase();
    await forget(database, userId, 3);
    await using subscriber = await subscribeTo(service, userId, cursor);
    await subscriber.until(1, "InboxReady");
    await service.create(userId, 1);
    const items = await subscriber.until(3);
    expect(items.map(({ __typename, sequence }) => [__typename, sequence])).toEqual([
      ["InboxReset", 5],
      ["InboxReady", 5],
      ["NotificationCreated", 6],
    ]);
  });
});

/** What retention does. */
async function forget(database: Database, userId: string, upTo: number): Promise<void> {
  await database.many(
    sql`with gone as (delete from notification_events where user_id = ${userId} and sequence <= ${upTo}::int)
      select to_json(1) as result where false`,
    z.never(),
  );
}
