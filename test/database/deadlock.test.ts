import { sql } from "drizzle-orm";
import postgres from "postgres";
import { expect, it } from "vitest";
import { z } from "zod";
import { openOnServer } from "../kit/databases.js";
import { waitUntil } from "../services/wait-until.js";

it("a statement that PostgreSQL ends because of a deadlock is sent again", async () => {
  await using opened = await openOnServer();
  const other = postgres(opened.url, { max: 2, onnotice: () => {} });
  try {
    await other`CREATE TABLE pair AS SELECT n FROM generate_series(1, 2) n`;
    const holder = await other.reserve();
    await holder`BEGIN`;
    await holder`SELECT FROM pair WHERE n = 2 FOR UPDATE`;
    const statement = opened.database.many(
      sql`select to_json(n) as result from (select n from pair order by n for update) locked`,
      z.int(),
    );
    await waitUntil("The statement to have the first and to want the second", async () => {
      const waiting = await other`
        SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      return waiting.length === 1;
    });
    // It has waited longer, so it is the one to be ended.
    await holder`SELECT FROM pair WHERE n = 1 FOR UPDATE`;
    await holder`COMMIT`;
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
