import type { SQL } from "drizzle-orm";
import type { z } from "zod";

/**
 * PostgreSQL, or PGlite, which is PostgreSQL in this process, behind one type. Every statement returns rows of ONE column,
 * `result`, of type JSON: the drivers read JSON alike, and differ in much else.
 */
export interface Database extends AsyncDisposable {
  readonly kind: "postgres" | "pglite";
  /**
   * The rows of a statement, checked.
   * @throws DatabaseUnavailableError when it cannot be reached, gives up or is overloaded: try again later
   * @throws UniqueViolation
   */
  many<T>(statement: SQL, result: z.ZodType<T>): Promise<T[]>;
  /** The one row of a statement, checked. */
  one<T>(statement: SQL, result: z.ZodType<T>): Promise<T>;
}

/** The database cannot do it now. Whether a statement that was under way took effect is unknown. */
export class DatabaseUnavailableError extends Error {
  override readonly name = "DatabaseUnavailableError";
}

/** A row with this key is there already; nothing of the statement took effect. */
export class UniqueViolation extends Error {
  override readonly name = "UniqueViolation";

  constructor(
    readonly table: string,
    options: ErrorOptions,
  ) {
    super(`a row with this key is in ${table} already`, options);
  }
}

/** The error of a driver as a UniqueViolation, if that is what it is. */
export function uniqueViolation(error: unknown): UniqueViolation | null {
  if (!(error instanceof Error) || !("code" in error) || error.code !== "23505") return null;
  const table = "table_name" in error ? error.table_name : "table" in error ? error.table : "";
  return new UniqueViolation(String(table), { cause: error });
}
