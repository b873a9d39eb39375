import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../src/server/database/database.js";
import {
  deleteSelectedDeadLetters,
  storeDeadLetters,
  readNewestPosition,
  readSelectedDeadLetters,
  deleteDeadLetterVersions,
  purgeDeadLetters,
} from "../../src/server/delivery/dead-letters/store.js";
import { encodeDeadLetterCursor, listDeadLetters } from "../../src/server/delivery/dead-letters/list.js";
import { openOnServer, type OpenedOnServer } from "../kit/databases.js";
import { plansOf } from "../kit/explaining-database.js";
import { lockRows, type RowLock } from "../kit/row-lock.js";
import {
  createDeadLetter,
  createDeadLetters,
  storeAll,
  deadLettersIn,
  pageOf,
  where,
} from "./dead-letter.js";

/** What only a server with several connections, or with much data, shows. */
const everything = { filter: where({}) };

it("a dead letter that fails again while it is being deleted remains", async () => {
  await using opened = await openOnServer();
  const deadLetter = createDeadLetter();
  const [stored] = await storeAll(opened.database, [deadLetter]);
  if (stored === undefined) throw new Error("nothing was stored");
  const read = await readSelectedDeadLetters(opened.database, everything, null, stored);
  await using lock = await lockDeadLetter(opened.url, stored.id);
  const storing = storeDeadLetters(opened.database, [deadLetter]);
  await lock.waiting(1);
  const deleting = deleteDeadLetterVersions(opened.database, read);
  await lock.waiting(2);
  await lock.release();
  await Promise.all([storing, deleting]);
  expect(await deadLettersIn(opened.database)).toEqual([stored]);
});

it("dead letters that fail again while they are deleted are locked in one order, so that neither waits for the other for ever", async () => {
  await using opened = await openOnServer();
  const { database } = opened;
  const pair = createDeadLetters("one", "other");
  await storeDeadLetters(database, pair);
  const [first, second] = await inOrderOfIds(opened.url);
  if (first === undefined || second === undefined) throw new Error("nothing was stored");
  // Again, so that the first one by its id lies behind the other.
  await storeDeadLetters(
    database,
    pair.filter(({ messageId }) => messageId === first.messageId),
  );
  const [newest] = await deadLettersIn(database);
  if (newest === undefined) throw new Error("nothing was stored");
  const read = await readSelectedDeadLetters(database, everything, null, newest);

  await using lock = await lockDeadLetter(opened.url, second.id);
  const deleting = deleteDeadLetterVersions(database, read);
  await lock.waiting(1);
  // It has the first one already, for which those that store begin to wait.
  expect(await lock.isFree(deadLetterById, [first.id])).toBe(false);
  const storing = storeDeadLetters(database, pair);
  await lock.waiting(2);
  await lock.release();
  await Promise.all([deleting, storing]);
});

describe("with 100,000 dead letters, indexes alone serve", () => {
  let opened: OpenedOnServer;
  beforeAll(async () => {
    opened = await openOnServer();
    await insertDeadLetters(opened.url, 100_000);
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  const place = { lastFailedAt: new Date(), id: "id-5".padEnd(43, "-") };

  it.each<[string, string, (database: Database) => Promise<unknown>]>([
    ["a page", "dead_letters_list", (database) => listDeadLetters(database, pageOf({ countAll: false }))],
    [
      "a later page",
      "dead_letters_list",
      (database) =>
        listDeadLetters(database, pageOf({ after: encodeDeadLetterCursor(place), countAll: false })),
    ],
    [
      "a page of one queue",
      "dead_letters_by_queue",
      (database) =>
        listDeadLetters(
          database,
          pageOf({ filter: where({ queue: "notification.task.7" }), countAll: false }),
        ),
    ],
    ["the newest", "dead_letters_list", readNewestPosition],
    [
      "a retry of all",
      "dead_letters_list",
      (database) => readSelectedDeadLetters(database, everything, place, place),
    ],
    [
      "a retry of some",
      "dead_letters_pkey",
      (database) => readSelectedDeadLetters(database, { ids: [place.id] }, null, place),
    ],
    [
      "deleting what was retried",
      "dead_letters_pkey",
      (database) => deleteDeadLetterVersions(database, [{ id: place.id, version: "1" }]),
    ],
    [
      "discarding some",
      "dead_letters_pkey",
      (database) => deleteSelectedDeadLetters(database, { ids: [place.id] }, place),
    ],
    ["trimming", "dead_letters_list", (database) => purgeDeadLetters(database, 3_600_000)],
  ])("%s", async (_what, index, run) => {
    for (const { scanned, indexes } of await plansOf(opened, run)) {
      expect(scanned).toEqual([]);
      expect(indexes).toContain(index);
    }
  });
});

async function insertDeadLetters(databaseUrl: string, deadLetters: number): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(`
      insert into dead_letters
      select rpad('id-' || n, 43, '-'), 'notification.task.' || n % 20, gen_random_uuid(), 'created', 4,
        repeat('abcd', 100), 'FAILED', 'the handler failed', 3, at, at
      from (select n, now() - n * interval '1 second' as at from generate_series(1, ${deadLetters}) n) numbers`);
    await sql.unsafe("analyze");
  } finally {
    await sql.end({ timeout: 5 });
  }
}

const deadLetterById = "select from dead_letters where id = $1 for update";

function lockDeadLetter(url: string, id: string): Promise<RowLock> {
  return lockRows(url, deadLetterById, [id], 1);
}

/** As PostgreSQL orders them, which depends on the collation of the database. */
async function inOrderOfIds(url: string): Promise<{ id: string; messageId: string }[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await sql`SELECT id, message_id AS "messageId" FROM dead_letters ORDER BY id`;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
