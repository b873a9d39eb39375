import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { z } from "zod";
import type { Database } from "../../src/server/database/database.js";
import type { Execute } from "../../src/server/database/execute.js";
import { createQueryRunner } from "../../src/server/database/query.js";
import type { OpenedOnServer } from "./databases.js";

/** How PostgreSQL carries a statement out. */
export interface Plan {
  /** In the planner's unit, of which a page read from disk in sequence is one. */
  readonly cost: number;
  /** The tables that it reads from end to end. */
  readonly scanned: readonly string[];
  /** The indexes that serve it. */
  readonly indexes: readonly string[];
}

/** A statement, and its plan in each of the two ways in which PostgreSQL plans a prepared one. */
export interface ExplainedStatement {
  /** Where it is sent from: a file below src/, and the line. */
  readonly origin: string;
  /** Made for any parameters. */
  readonly generic: Plan;
  /** Made for the parameters at hand. */
  readonly custom: Plan;
  /** Length of the rows that it answered, as JSON. */
  readonly answered: number;
}

/** A database that also explains every statement before it runs it. */
export interface ExplainingDatabase extends Database {
  /** All so far. */
  readonly statements: readonly ExplainedStatement[];
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

const explained = z.tuple([
  z.object({
    "QUERY PLAN": z.tuple([z.object({ Plan: planNode.and(z.object({ "Total Cost": z.number() })) })]),
  }),
]);

/** Wraps a database; `url` is where it is. */
export function explaining(database: Database, url: string): ExplainingDatabase {
  const statements: ExplainedStatement[] = [];
  const sql = postgres(url, { max: 1, onnotice: () => {} });

  async function explain(
    text: string,
    params: readonly unknown[],
  ): Promise<Pick<ExplainedStatement, "generic" | "custom">> {
    // EXPLAIN alone plans for the parameters at hand, whatever the mode: a prepared statement's plan it takes as it is.
    await sql.unsafe(`prepare explained as ${text}`);
    const generic = await planIn("force_generic_plan", params);
    const custom = await planIn("force_custom_plan", params);
    await sql.unsafe("deallocate explained");
    return { generic, custom };
  }

  async function planIn(mode: string, params: readonly unknown[]): Promise<Plan> {
    await sql.unsafe(`set plan_cache_mode = ${mode}`);
    const values = params.length === 0 ? "" : `(${params.map(toLiteral).join(", ")})`;
    const [row] = explained.parse([
      ...(await sql.unsafe(`explain (format json) execute explained${values}`)),
    ]);
    const { Plan } = row["QUERY PLAN"][0];
    return { cost: Plan["Total Cost"], ...tablesOf(Plan) };
  }

  const execute: Execute = async (text, parameters, mode) => {
    const stack = deepStack();
    const plans = await explain(text, parameters);
    const rows = await database.execute(text, parameters, mode);
    statements.push({ origin: originOf(stack), ...plans, answered: JSON.stringify(rows).length });
    return rows;
  };

  return {
    kind: database.kind,
    statements,
    ...createQueryRunner(execute),
    [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }),
  };
}

/** The plans of the one statement that `run` sends: for any parameters, and for those at hand. */
export async function plansOf(
  { database, url }: OpenedOnServer,
  run: (database: Database) => Promise<unknown>,
): Promise<readonly [Plan, Plan]> {
  await using wrapped = explaining(database, url);
  await run(wrapped);
  const [statement, ...others] = wrapped.statements;
  if (statement === undefined || others.length > 0) throw new Error("one statement was expected");
  return [statement.generic, statement.custom];
}

/** Files that pass statements on, and send none of their own. */
export const plumbing = new Set(["server/database/query.ts", "server/database/drizzle.ts"]);

const src = fileURLToPath(new URL("../../src/", import.meta.url));

/** Drizzle's own calls alone are more than the ten that a stack has by default. */
function deepStack(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 50;
  const { stack = "" } = new Error("here");
  Error.stackTraceLimit = stackTraceLimit;
  return stack;
}

/** The innermost place in src/ of an error's stack, besides the plumbing. */
function originOf(stack: string): string {
  const places = stack.matchAll(/([\w/.-]+\.ts):(\d+)/g);
  for (const [, file = "", line = ""] of places) {
    const name = file.startsWith(src) ? file.slice(src.length) : null;
    if (name !== null && !plumbing.has(name)) return `${name}:${line}`;
  }
  throw new Error(`a statement from outside of src/: ${stack}`);
}

function toLiteral(value: unknown): string {
  if (value === null) return "null";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return typeof value === "number" ? text : `'${text.replaceAll("'", "''")}'`;
}

function tablesOf(node: PlanNode): Pick<Plan, "scanned" | "indexes"> {
  const below = (node.Plans ?? []).map(tablesOf);
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
