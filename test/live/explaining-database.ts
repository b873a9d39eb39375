import type { SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import postgres from "postgres";
import { z } from "zod";
import type { Database } from "../../src/database/database.js";

/** How PostgreSQL carries a statement out: which tables it reads from end to end, and which indexes serve it. */
export interface Plan {
  readonly scanned: readonly string[];
  readonly indexes: readonly string[];
}

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string | undefined;
  readonly "Index Name"?: string | undefined;
  readonly Plans?: readonly PlanNode[] | undefined;
}

const planNode: z.ZodType<PlanNode> = z.lazy(() =>
  z.object({
    "Node Type": z.string(),
    "Relation Name": z.string().optional(),
    "Index Name": z.string().optional(),
    Plans: z.array(planNode).optional(),
  }),
);

const explained = z.tuple([z.object({ "QUERY PLAN": z.tuple([z.object({ Plan: planNode })]) })]);

/** A database that also explains every statement before it runs it. */
export interface ExplainingDatabase extends Database {
  /** Of all statements so far. */
  readonly plans: readonly Plan[];
}

/**
 * Wraps a database. The plans are generic, as those of the prepared statements of the service come to be: made for any
 * parameters, and so without a look at the ones at hand.
 */
export function explaining(database: Database, url: string): ExplainingDatabase {
  const dialect = new PgDialect();
  const plans: Plan[] = [];
  const sql = postgres(url, {
    max: 1,
    onnotice: () => {},
    connection: { plan_cache_mode: "force_generic_plan" },
  });

  async function explain(statement: SQL): Promise<void> {
    const { sql: text, params } = dialect.sqlToQuery(statement);
    const parameters = params.map((value) => (typeof value === "number" ? value : String(value)));
    const rows = await sql.unsafe(`explain (format json) ${text}`, parameters);
    const [row] = explained.parse([...rows]);
    plans.push(planOf(row["QUERY PLAN"][0].Plan));
  }

  return {
    kind: database.kind,
    plans,
    async many(statement, result) {
      await explain(statement);
      return await database.many(statement, result);
    },
    async one(statement, result) {
      await explain(statement);
      return await database.one(statement, result);
    },
    [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }),
  };
}

function planOf(node: PlanNode): Plan {
  const below = (node.Plans ?? []).map(planOf);
  const table = node["Relation Name"];
  const index = node["Index Name"];
  return {
    scanned: [
      ...(node["Node Type"] === "Seq Scan" && table !== undefined ? [table] : []),
      ...below.flatMap(({ scanned }) => scanned),
    ],
    indexes: [...(index === undefined ? [] : [index]), ...below.flatMap(({ indexes }) => indexes)],
  };
}
