import { type Column, sql } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import type { Database } from "./database.js";
import { literal } from "./sql-parameters.js";

/** Which rows of a table are old. */
export interface OldRows {
  readonly table: PgTable;
  /** Columns of the primary key. */
  readonly key: readonly Column[];
  /** A row's age counts from here; an index on it serves the purge. */
  readonly time: Column;
  /** Rows that are older are deleted, ms. */
  readonly retention: number;
  /** Rows to delete at most, always the same for a table. */
  readonly limit: number;
}

/**
 * Deletes old rows of a table, the oldest first. Rows that another transaction has locked are skipped, so that several
 * instances may purge at the same time.
 * @returns how many it deleted
 */
export async function purgeOldRows(
  database: Database,
  { table, key, time, retention, limit }: OldRows,
): Promise<number> {
  const columns = sql.join([...key], sql`, `);
  const oldest = sql`
    select ${columns} from ${table} where ${time} < now() - ${retention}::float8 * interval '1 millisecond'
    order by ${time} limit ${literal(limit)} for update skip locked`;
  const deleted = await database.query((db) =>
    db
      .delete(table)
      .where(sql`(${columns}) in (${oldest})`)
      .returning({ isDeleted: sql<boolean>`true` }),
  );
  return deleted.length;
}
