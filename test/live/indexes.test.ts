import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../src/server/database/database.js";
import {
  claimUnpublished,
  markPublished,
  readAfter,
  readHeads,
  purgeEvents,
} from "../../src/server/notifications/event-log.js";
import { deleteByIds, markRead, markUnread } from "../../src/server/notifications/commands.js";
import { readInbox } from "../../src/server/notifications/queries.js";
import { purgeExpired } from "../../src/server/notifications/purge.js";
import { openOnServer, type OpenedOnServer } from "../kit/databases.js";
import { page, toUser } from "../kit/domain.js";
import { plansOf } from "../kit/explaining-database.js";
import { create } from "../../src/server/notifications/create.js";
import { upTo } from "../kit/items.js";
import { fillNotifications, fillPublished } from "./backlog.js";

/** The one row of the log's epoch, and the server's list of its databases, which says in which place it is. */
const smallTables = new Set(["event_log", "pg_database"]);

const users = upTo(100).map((n) => `user ${n - 1}`);

describe("with 100,000 events and 100,000 notifications, indexes alone serve", () => {
  let opened: OpenedOnServer;
  beforeAll(async () => {
    opened = await openOnServer();
    await fillPublished(opened.url, 100_000);
    await fillNotifications(opened.url, 100_000);
  });
  afterAll(() => opened[Symbol.asyncDispose]());

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
          users.map((userId) => ({ userId, sequence: 5, id: randomUUID() })),
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
    ["trimming the log", "notification_events_by_time", (database) => purgeEvents(database, 60_000, 500)],
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
    [
      "marking some as read",
      "notifications_pkey",
      (database) => markRead(database, "user 7", [randomUUID(), randomUUID()]),
    ],
    [
      "marking some as unread",
      "notifications_pkey",
      (database) => markUnread(database, "user 7", [randomUUID()]),
    ],
    ["deleting some", "notifications_pkey", (database) => deleteByIds(database, "user 7", [randomUUID()])],
  ])("%s", async (_what, index, run) => {
    for (const { scanned, indexes } of await plansOf(opened, run)) {
      expect(scanned.filter((table) => !smallTables.has(table))).toEqual([]);
      expect(indexes).toContain(index);
    }
  });
});

const onlyUnread = {
  read: false,
  categories: null,
  priorities: null,
  createdAfter: null,
  createdBefore: null,
};
