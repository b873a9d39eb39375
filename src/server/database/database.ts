import type { SQL } from "drizzle-orm";
import type { z } from "zod";
import type { BuiltQuery, QueryBuilder } from "./drizzle.js";
import type { Execute } from "./execute.js";

/**
 * PostgreSQL, or PGlite, which is PostgreSQL in this process, behind one type.
 *
 * `query` is for reading and writing rows of tables.ts. `one` and `many` are for statements of SQL, whose rows have ONE column,
 * `result`, of type JSON: the drivers read JSON alike, and differ in much else. All of them send through `execute`.
 *
 * Each throws DatabaseUnavailableError when the database cannot be reached, times out or is overloaded, and UniqueViolation.
 */
export interface Database extends AsyncDisposable {
  readonly kind: "postgres" | "pglite";
  readonly execute: Execute;
  /** The rows of a statement, checked. */
  many<T>(statement: SQL, result: z.ZodType<T>): Promise<T[]>;
  /** The one row of a statement, checked. */
  one<T>(statement: SQL, result: z.ZodType<T>): Promise<T>;
  /** Runs a query that is made with the builder. */
  query<T>(build: (builder: QueryBuilder) => BuiltQuery<T>): Promise<T>;
}

/** The database is unavailable or overloaded; retry later. Whether the statement took effect is unknown. */
export class DatabaseUnavailableError extends Error {
  override readonly name = "DatabaseUnavailableError";
}

/** A row with this key exists; the statement had no effect. */
export class UniqueViolation extends Error {
  override readonly name = "UniqueViolation";

  constructor(
    readonly table: string,
    options: ErrorOptions,
  ) {
    super(`a row with this key exists in ${table}`, options);
  }
}

/** A driver's error as a UniqueViolation, if it is one. */
export function uniqueViolation(error: unknown): UniqueViolation | null {
  if (!(error instanceof Error) || !("code" in error) || error.code !== "23505") return null;
  const table = "table_name" in error ? error.table_name : "table" in error ? error.table : "";
  return new UniqueViolation(String(table), { cause: error });
}
