import type { SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import type { z } from "zod";
import type { Database } from "./database.js";

/** Sends one statement with its parameters and gives its rows; the part that differs between the drivers. */
export type Execute = (text: string, parameters: unknown[]) => Promise<readonly unknown[]>;

const dialect = new PgDialect();

/** The reading side of `Database` over a driver. */
export function statementRunner(execute: Execute): Pick<Database, "many" | "one"> {
  async function many<T>(statement: SQL, result: z.ZodType<T>): Promise<T[]> {
    const { sql: text, params } = dialect.sqlToQuery(statement);
    const rows = await execute(text, params);
    return rows.map((row) => result.parse(resultOf(row)));
  }
  async function one<T>(statement: SQL, result: z.ZodType<T>): Promise<T> {
    const [first, ...others] = await many(statement, result);
    if (first === undefined || others.length > 0)
      throw new Error("a statement of one row gave none or several");
    return first;
  }
  return { many, one };
}

function resultOf(row: unknown): unknown {
  if (typeof row !== "object" || row === null || !("result" in row)) {
    throw new Error("a statement gave a row without the column result");
  }
  return row.result;
}
