import type { SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import type { z } from "zod";
import type { Database } from "./database.js";
import { casing, createQueryBuilder, runQuery } from "./drizzle.js";
import type { Execute } from "./execute.js";

/** What `Database` can ask, over a driver. */
export type QueryRunner = Pick<Database, "execute" | "many" | "one" | "query">;

const dialect = new PgDialect({ casing });

export function createQueryRunner(execute: Execute): QueryRunner {
  const builder = createQueryBuilder(execute);
  async function many<T>(statement: SQL, result: z.ZodType<T>): Promise<T[]> {
    const { sql: text, params } = dialect.sqlToQuery(statement);
    const rows = await execute(text, params);
    return rows.map((row) => result.parse(resultOf(row)));
  }
  async function one<T>(statement: SQL, result: z.ZodType<T>): Promise<T> {
    const [first, ...others] = await many(statement, result);
    if (first === undefined || others.length > 0) {
      throw new Error("a statement that returns one row returned none or several");
    }
    return first;
  }
  return { execute, many, one, query: (build) => runQuery(build(builder)) };
}

function resultOf(row: unknown): unknown {
  if (typeof row !== "object" || row === null || !("result" in row)) {
    throw new Error("a statement returned a row without the column result");
  }
  return row.result;
}
