import { getTableColumns, type SQL, sql } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";

/** A value as one JSON parameter: the same on every driver, and the same statement for any number of items. */
export function jsonParameter(value: unknown): SQL {
  return sql`${JSON.stringify(value)}::text::json`;
}

/**
 * A whole number as a part of the statement's text. The planner then knows it, also in a generic plan, where it would
 * assume that an unknown limit selects a tenth of the rows. For constants only: each number makes another statement.
 */
export function literal(number: number): SQL {
  if (!Number.isSafeInteger(number)) throw new TypeError(`${number} is not a whole number`);
  return sql.raw(String(number));
}

/** Rows to insert, as a source that a statement selects from. */
export interface Recordset {
  /** Every column of the table, in the table's order, as `insert … select` needs them. */
  readonly columns: SQL;
  /** Follows `from`. The source is named `r`, and its columns are named by the table's properties, e.g. `r."eventId"`. */
  readonly source: SQL;
}

/**
 * Rows of a table as one JSON parameter. `insert … values` would have a parameter for each value, and so another prepared
 * statement for each number of rows.
 */
export function toRecordset<T extends PgTable>(table: T, rows: readonly T["$inferInsert"][]): Recordset {
  const columns = Object.entries(getTableColumns(table));
  const names = columns.map(([name]) => sql`r.${sql.identifier(name)}`);
  const types = columns.map(([name, column]) => sql`${sql.identifier(name)} ${sql.raw(column.getSQLType())}`);
  return {
    columns: sql.join(names, sql`, `),
    source: sql`json_to_recordset(${jsonParameter(rows)}) as r(${sql.join(types, sql`, `)})`,
  };
}
