/**
 * Drizzle's query builder over a connection of ours. It makes the text of a statement and maps the rows of the answer by
 * tables.ts; the statement itself takes the same way as every other: the pool, the epoch check, the retries.
 *
 * Rows come back as arrays, because two columns of one result may have the same name. The drivers parse times, JSON and
 * booleans; Drizzle accepts a parsed value where it would parse text.
 */
import { DrizzleQueryError } from "drizzle-orm";
import { drizzle, type PgRemoteDatabase } from "drizzle-orm/pg-proxy";
import type { Execute } from "./execute.js";

/** Makes queries on the tables of tables.ts. */
export type QueryBuilder = PgRemoteDatabase;

/** A query that was made with the builder. */
export interface BuiltQuery<T> {
  execute(): Promise<T>;
}

/** tables.ts names columns in camel case, the database in snake case. */
export const casing = "snake_case";

export function createQueryBuilder(execute: Execute): QueryBuilder {
  return drizzle(
    async (text, parameters, method) => {
      const rows = await execute(text, parameters, method === "all" ? "array" : "object");
      return { rows: [...rows] };
    },
    { casing },
  );
}

/**
 * Runs a query.
 * @throws the error of `execute`: Drizzle wraps it in one whose message quotes every parameter, secrets too
 */
export async function runQuery<T>(query: BuiltQuery<T>): Promise<T> {
  try {
    return await query.execute();
  } catch (error) {
    throw error instanceof DrizzleQueryError && error.cause !== undefined ? error.cause : error;
  }
}
