import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../src/database/database.js";
import {
  claimUnpublished,
  markPublished,
  readAfter,
  readHeads,
  trimEvents,
} from "../../src/notifications/event-log.js";
import { readInbox } from "../../src/notifications/queries.js";
import { purgeExpired } from "../../src/notifications/sweep.js";
import { openOnServer, type OpenedOnServer } from "../kit/databases.js";
import { page, toUser } from "../kit/domain.js";
import { create } from "../../src/notifications/create.js";
import { upTo } from "../kit/items.js";
import { fillNotifications, fillPublished } from "./backlog.js";
import { explaining, type Plan } from "./explaining-database.js";

/** The one row of the log's epoch. */
const smallTables = new Set(["event_log"]);

const users = upTo(100).map((n) => `user ${n - 1}`);

describe("with 100,000 events and 100,000 notifications, indexes alone serve", () => {
  let opened: OpenedOnServer;
  beforeAll(async () => {
    opened = await openOnServer();
    await fillPublished(opened.url, 100_000);
    await fillNotifications(opened.url, 100_000);
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  async function planOf(run: (database: Database) => Promise<unknown>): Promise<Plan> {
    await using database = explaining(opened.database, opened.url);
    await run(database);
    const [plan] = database.plans;
    if (plan === undefined) throw new Error("no statement was run");
    return { ...plan, scanned: plan.scanned.filter((table) => !smallTables.has(table)) };
  }

  it.each<[string, string, (database: Database) => Promise<unknown>]>([
    [
      "the relay's look at a log with nothing to publish",
      "notification_events_unpublished",
      async (database) => expect(await claimUnpublished(database, 500, 10_000)).toEqual([]),
    ],
    [
      "the note that events are published, of which the log knows",
      "notification_events_unpublished",
      (database) =>
        markPublished(
          database,
          users.map((userId) => ({ userId, sequence: 5 })),
        ),
    ],
    [
      "reading on for 100 subscribers",
      "notification_events_user_id_sequence_pk",
      (database) =>
        readAfter(
          database,
          users.map((userId) => ({ userId, sequence: 900 })),
          100,
        ),
    ],
    ["the heads of 100 users", "inboxes_pkey", (database) => readHeads(database, users)],
    ["trimming the log", "notification_events_by_time", (database) => trimEvents(database, 60_000, 500)],
    [
      "the sweeper's look for what has expired",
      "notifications_expiring",
      (database) => purgeExpired(database, 500),
    ],
    ["a page of an inbox", "notifications_list", (database) => readInbox(database, "user 7", [page()])],
    [
      "a page of what is unread",
      "notifications_unread",
      (database) => readInbox(database, "user 7", [page({ filter: onlyUnread })]),
    ],
    ["the unread count", "inboxes_pkey", (database) => readInbox(database, "user 7", [])],
    [
      "a creation",
      "idempotency_keys_sender_key_pk",
      (database) => create(database, "backend", [toUser("user 7")], () => "input"),
    ],
  ])("%s", async (_what, index, run) => {
    const plan = await planOf(run);
    expect(plan.scanned).toEqual([]);
    expect(plan.indexes).toContain(index);
  });
});

const onlyUnread = {
  read: false,
  categories: null,
  priorities: null,
  createdAfter: null,
  createdBefore: null,
};
