import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../src/database/database.js";
import {
  discardSelected,
  keep,
  newest,
  readSelected,
  remove,
  trimLetters,
} from "../../src/delivery/dead-letters/letters.js";
import { encodeLetterCursor, readPage } from "../../src/delivery/dead-letters/list.js";
import { openOnServer, type OpenedOnServer } from "../kit/databases.js";
import { explaining, type Plan } from "../live/explaining-database.js";
import { waitUntil } from "../services/wait-until.js";
import { deadLetter, keepAll, lettersIn, pageOf, where } from "./dead-letter.js";

/** What only a server with several connections, or with much data, shows. */
const everything = { filter: where({}) };

it("a letter that dies again while it is being removed stays", async () => {
  await using opened = await openOnServer();
  const letter = deadLetter();
  const [kept] = await keepAll(opened.database, [letter]);
  if (kept === undefined) throw new Error("nothing was kept");
  const read = await readSelected(opened.database, everything, null, kept);
  const sql = postgres(opened.url, { max: 2, onnotice: () => {} });
  const waiting = (count: number) =>
    waitUntil(`${count} statements waiting`, async () => {
      const rows = await sql`
        SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      return rows.length === count;
    });
  try {
    const holder = await sql.reserve();
    await holder`BEGIN`;
    await holder`SELECT FROM dead_letters FOR UPDATE`;
    const keeping = keep(opened.database, [letter]);
    await waiting(1);
    const removing = remove(opened.database, read);
    await waiting(2);
    await holder`COMMIT`;
    await Promise.all([keeping, removing]);
  } finally {
    await sql.end({ timeout: 1 });
  }
  expect(await lettersIn(opened.database)).toEqual([kept]);
});

describe("with 100,000 dead letters, indexes alone serve", () => {
  let opened: OpenedOnServer;
  beforeAll(async () => {
    opened = await openOnServer();
    await fillLetters(opened.url, 100_000);
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  async function planOf(run: (database: Database) => Promise<unknown>): Promise<Plan> {
    await using database = explaining(opened.database, opened.url);
    await run(database);
    const [plan] = database.plans;
    if (plan === undefined) throw new Error("no statement was run");
    return plan;
  }

  const place = { lastFailedAt: new Date(), id: "letter-5".padEnd(43, "-") };

  it.each<[string, string, (database: Database) => Promise<unknown>]>([
    ["a page", "dead_letters_list", (database) => readPage(database, pageOf({ countAll: false }))],
    [
      "a later page",
      "dead_letters_list",
      (database) => readPage(database, pageOf({ after: encodeLetterCursor(place), countAll: false })),
    ],
    [
      "a page of one queue",
      "dead_letters_by_queue",
      (database) =>
        readPage(database, pageOf({ filter: where({ queue: "notification.task.7" }), countAll: false })),
    ],
    ["the newest", "dead_letters_list", newest],
    ["a retry of all", "dead_letters_list", (database) => readSelected(database, everything, place, place)],
    [
      "a retry of some",
      "dead_letters_pkey",
      (database) => readSelected(database, { ids: [place.id] }, null, place),
    ],
    [
      "removing what was put back",
      "dead_letters_pkey",
      (database) => remove(database, [{ id: place.id, version: "1" }]),
    ],
    [
      "discarding some",
      "dead_letters_pkey",
      (database) => discardSelected(database, { ids: [place.id] }, place),
    ],
    ["trimming", "dead_letters_list", (database) => trimLetters(database, 3_600_000)],
  ])("%s", async (_what, index, run) => {
    const plan = await planOf(run);
    expect(plan.scanned).toEqual([]);
    expect(plan.indexes).toContain(index);
  });
});

async function fillLetters(databaseUrl: string, letters: number): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(`
      insert into dead_letters
      select rpad('letter-' || n, 43, '-'), 'notification.task.' || n % 20, gen_random_uuid(), 'created', 4,
        repeat('abcd', 100), 'FAILED', 'the handler failed', 3, at, at
      from (select n, now() - n * interval '1 second' as at from generate_series(1, ${letters}) n) numbers`);
    await sql.unsafe("analyze");
  } finally {
    await sql.end({ timeout: 5 });
  }
}
