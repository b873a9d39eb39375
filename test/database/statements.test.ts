import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openOnServer, type OpenedOnServer } from "../kit/databases.js";
import { type ExplainedStatement, explaining } from "../kit/explaining-database.js";
import { originsInSource, runEveryStatement } from "./every-statement.js";
import { fillLargely, largeUser } from "./large-database.js";

/** From this cost on PostgreSQL compiles a statement by default (jit_above_cost), which takes longer than to run it. */
const expensive = 100_000;

/** Length of an answer, as JSON: what the API lets a client ask for at once stays far below. */
const largeAnswer = 4 * 1024 * 1024;

describe.each([
  ["a new database that was never analysed", async () => {}],
  ["a large database with one large inbox", (url: string) => fillLargely(url)],
])("every statement of the service, on %s,", (_what, fill) => {
  let opened: OpenedOnServer;
  let statements: readonly ExplainedStatement[];
  beforeAll(async () => {
    opened = await openOnServer();
    await fill(opened.url);
    await using database = explaining(opened.database, opened.url);
    await runEveryStatement(database, largeUser);
    statements = database.statements;
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  test("is among those that are examined here", () => {
    const examined = new Set(statements.map(({ origin }) => origin));
    expect(originsInSource().filter((origin) => !examined.has(origin))).toEqual([]);
    expect(examined.size).toBeGreaterThan(30);
  });

  test("costs too little to be compiled, planned for any parameters or for those at hand", () => {
    const costs = statements.map(
      ({ origin, generic, custom }) => [origin, generic.cost, custom.cost] as const,
    );
    expect(costs.filter(([, generic, custom]) => Math.max(generic, custom) >= expensive)).toEqual([]);
  });

  test("answers what the client asked for, and not all that it changed", () => {
    const large = statements.filter(({ answered }) => answered > largeAnswer);
    expect(large.map(({ origin, answered }) => [origin, answered])).toEqual([]);
  });
});
