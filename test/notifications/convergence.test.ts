import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Database } from "../../src/server/database/database.js";
import { notificationSchema } from "../../src/server/notifications/notification.js";
import { notificationJson } from "../../src/server/notifications/sql-fragments.js";
import { databaseKinds, type OpenedDatabase, openTestDatabase } from "../kit/databases.js";
import { readLog } from "../kit/domain.js";
import { waitUntil } from "../services/wait-until.js";
import { InboxModel } from "./model.js";
import { type Step, Workload, workload } from "./workload.js";

/** Whatever many clients do to the same inboxes at the same time, the event log tells all of it. */
describe.each(databaseKinds)("commands of many clients at the same time, on %s", (kind) => {
  let opened: OpenedDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase(kind);
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  // PGlite runs one statement at a time: there the order of the commands is all that is random.
  const numRuns = kind === "PGlite" ? 6 : 30;

  test("leave sequences without holes, right badges, right counts, and a log that folds to what is there", async () => {
    await fc.assert(
      fc.asyncProperty(workload, (clients) => runAndCheck(opened.database, clients)),
      { numRuns, endOnFailure: true },
    );
  }, 120_000);
});

async function runAndCheck(database: Database, clients: readonly (readonly Step[])[]): Promise<void> {
  const run = new Workload(database, randomUUID());
  await run.run(clients);
  await waitUntil("Purging what expires", () => purgeAll(database, run), { interval: 5 });
  const committed = new Map(run.committed.map((answer) => [answer.event.id, answer]));

  let created = 0;
  for (const userId of run.users) {
    const events = await readLog(database, userId);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    const model = new InboxModel();
    for (const event of events) {
      const answer = committed.get(event.id);
      if (answer === undefined) throw new Error(`nobody was told of event ${event.sequence}`);
      expect(answer.event).toEqual(event);
      model.apply(event, answer);
    }
    const { rows, counts } = await readTables(database, userId);
    expect(model.notifications).toEqual(rows);
    const unread = rows.filter(({ notification }) => notification.readAt === null).length;
    expect(counts).toEqual(events.length === 0 ? null : { last: events.length, unread, total: rows.length });
    created += events.filter(({ type }) => type === "created").length;
  }
  // Every event was answered to the client that caused it, once.
  expect(committed.size).toBe(run.committed.length);
  expect(created).toBe(run.committed.filter(({ event }) => event.type === "created").length);
  for (const [key, ids] of run.idsByKey) expect([key, ids.size]).toEqual([key, 1]);
}

async function purgeAll(database: Database, run: Workload): Promise<boolean> {
  await run.sweep(100);
  const left = await database.one(
    sql`select to_json(count(*)::int) as result from notifications where expires_at is not null`,
    z.int(),
  );
  return left === 0;
}

const tablesSchema = z.object({
  rows: z.array(z.object({ notification: notificationSchema, createdSequence: z.int() })),
  counts: z.object({ last: z.int(), unread: z.int(), total: z.int() }).nullable(),
});

/** The rows as they are, whatever the counts say. */
function readTables(database: Database, userId: string): Promise<z.output<typeof tablesSchema>> {
  return database.one(
    sql`
      select json_build_object(
        'rows', (
          select coalesce(json_agg(json_build_object('notification', ${notificationJson}, 'createdSequence', created_sequence)
            order by created_sequence), '[]')
          from notifications n where user_id = ${userId}),
        'counts', (
          select json_build_object('last', last_sequence, 'unread', unread_count, 'total', total_count)
          from inboxes where user_id = ${userId})
      ) as result`,
    tablesSchema,
  );
}
