import postgres from "postgres";
import { expect, it } from "vitest";
import { openPostgresDatabase } from "../../src/server/database/postgres-database.js";
import { purgeEvents } from "../../src/server/notifications/event-log.js";
import { createLog } from "../../src/server/telemetry/log.js";
import { startApp, token } from "../kit/app.js";
import { notify } from "../kit/backend.js";
import { openOnServer } from "../kit/databases.js";
import { inWords, titlesOf } from "../kit/items.js";
import { subscribe } from "../kit/subscriber.js";
import { createDatabase } from "../services/database.js";
import { waitUntil } from "../services/wait-until.js";
import { countEvents, countUnpublished, fillBacklog, fillPublished } from "./backlog.js";

it("an old event is purged once it is published, and a cursor from before it leads to a reset", async () => {
  await using database = await createDatabase();
  await using app = await startApp({ DATABASE_URL: database.url, EVENT_RETENTION: "1s" });
  const bearer = await token("alice");
  await notify(app.url, "alice", "the first");
  const tab = subscribe(app.url, bearer, { userId: "alice" });
  const [mark] = await tab.until(1, "InboxReady");
  await tab[Symbol.asyncDispose]();
  for (const title of ["missed", "missed too"]) await notify(app.url, "alice", title);
  await waitUntil("Trimming", async () => (await countEvents(database.url)) === 0);

  await using again = subscribe(app.url, bearer, { userId: "alice", after: mark?.cursor ?? null });
  await again.until(1, "InboxReady");
  await notify(app.url, "alice", "live again");
  await again.until(1, "NotificationCreated");
  expect(again.received.map(inWords)).toEqual([
    "InboxReset",
    "InboxReady",
    "4 NotificationCreated 'live again'",
  ]);
  expect(again.received[0]).toMatchObject({ sequence: 3, unreadCount: 3 });

  await using head = subscribe(app.url, bearer, {
    userId: "alice",
    after: again.received[1]?.cursor ?? null,
  });
  await head.until(1, "InboxReady");
  expect(titlesOf(head.received)).toEqual(["live again"]);
});

it("the log is trimmed in batches, the oldest first, beside those who write", async () => {
  await using opened = await openOnServer();
  await fillPublished(opened.url, 5000);
  const retention = 60_000;
  expect(await purgeEvents(opened.database, retention, 500)).toBe(500);
  expect(await countEvents(opened.url)).toBe(4500);

  const sql = postgres(opened.url, { max: 1, onnotice: () => {} });
  try {
    // Locked events are skipped, and nothing waits for them.
    await sql.begin(async (transaction) => {
      await transaction`SELECT FROM notification_events WHERE user_id = 'user 7' FOR UPDATE`;
      while ((await purgeEvents(opened.database, retention, 500)) > 0);
    });
    const rows = await sql`SELECT DISTINCT user_id FROM notification_events`;
    expect([...rows]).toEqual([{ user_id: "user 7" }]);
  } finally {
    await sql.end({ timeout: 1 });
  }
});

it("what nobody has published is kept, however old", async () => {
  await using database = await createDatabase();
  await (await openPostgresDatabase(database.url, 1, createLog("silent")))[Symbol.asyncDispose]();
  await fillBacklog(database.url, 3000);
  await using opened = await openPostgresDatabase(database.url, 2, createLog("silent"));
  expect(await purgeEvents(opened, 1000, 500)).toBe(0);
  expect(await countUnpublished(database.url)).toBe(3000);
});
