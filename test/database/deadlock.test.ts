import { sql } from "drizzle-orm";
import postgres from "postgres";
import { expect, it } from "vitest";
import { z } from "zod";
import { openOnServer } from "../kit/databases.js";
import { lockRows } from "../kit/row-lock.js";
import { waitUntil } from "../services/wait-until.js";

it("a statement that PostgreSQL ends because of a deadlock is sent again", async () => {
  await using opened = await openOnServer();
  const other = postgres(opened.url, { max: 1, onnotice: () => {} });
  try {
    await other`CREATE TABLE pair AS SELECT n FROM generate_series(1, 2) n`;
    await using lock = await lockRows(opened.url, "select from pair where n = 2 for update", [], 1);
    const statement = opened.database.many(
      sql`select to_json(n) as result from (select n from pair order by n for update) locked`,
      z.int(),
    );
    await lock.waiting(1);
    // The statement has waited longer, so it is the one to be ended.
    await lock.take("select from pair where n = 1 for update");
    await lock.release();
    expect(await statement).toEqual([1, 2]);
    // What PostgreSQL tells of itself is a second old at most.
    await waitUntil("The count of deadlocks", async () => {
      const ended = await other`
        SELECT FROM pg_stat_database WHERE datname = current_database() AND deadlocks = 1`;
      return ended.length === 1;
    });
  } finally {
    await other.end({ timeout: 1 });
  }
});
