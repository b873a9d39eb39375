import { monitorEventLoopDelay } from "node:perf_hooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Edge, openEdge } from "./edge.js";
import { transports } from "./transports.js";

let visible: Edge;
let hidden: Edge;
beforeAll(async () => {
  visible = await openEdge();
  hidden = await openEdge({ schemaVisible: false });
});
afterAll(async () => {
  await visible[Symbol.asyncDispose]();
  await hidden[Symbol.asyncDispose]();
});

/** The longest that the event loop, and so every other client, waited for this (ms). */
async function longestBlock(work: Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  await work;
  delay.disable();
  return delay.max / 1e6;
}

/** Far more than any of these takes, and far less than what grows with the square of the text. */
const tolerable = 2000;

const upToTheLimit = { HTTP: 900_000, WebSocket: 60_000 };

/** The text repeated to `length` characters. */
function fill(text: string, length: number): string {
  return text.repeat(Math.ceil(length / text.length)).slice(0, length);
}

const manyFields = Array.from({ length: 120 }, (_, index) => `nothing${index}`).join(" ");

describe.each(Object.entries(transports))("over %s", (name, run) => {
  const length = name === "HTTP" ? upToTheLimit.HTTP : upToTheLimit.WebSocket;
  const suggestion = fill("Did you mean ", length);

  it.each([
    ["a variable", "query ($p: Priority) { echo(priority: $p) }", { p: suggestion }],
    ["a literal", `{ echo(priority: "${suggestion}") }`, {}],
    ["lines before many mistakes", `${fill("\n", length / 2)}{ ${manyFields} }`, {}],
    ["lines before a syntax error", `${fill("#\r\n", length / 2)}{`, {}],
    ["a long name of a type", fillTypes(length), {}],
    ["a long name of a field", `{ ${fill("a", length)} }`, {}],
    ["members of a variable", "query ($p: Priority) { echo(priority: $p) }", { p: members(length) }],
    ["nesting in a variable", "query ($p: Priority) { echo(priority: $p) }", { p: nested(3000) }],
  ])(
    "%s of the longest permitted length delays no other request, and is not in the answer",
    async (_name, query, variables) => {
      for (const edge of [hidden, visible]) {
        const answer = run(edge, query, variables);
        expect(await longestBlock(answer)).toBeLessThan(tolerable);
        const [text, errors] = await answer;
        expect(errors[0]?.extensions["code"]).toMatch(/^(BAD_USER_INPUT|GRAPHQL_(PARSE|VALIDATION)_FAILED)$/);
        expect(text.length).toBeLessThan(5000);
      }
    },
  );

  it("a value is quoted from its beginning, and what is wrong with it stays to be read", async () => {
    const [, [error]] = await run(hidden, "query ($n: Int!) { big(kilobytes: $n) }", { n: suggestion });
    expect(error?.message).toMatch(
      /^Variable "\$n" got invalid value "Did you mean Did you mean .*…; Int cannot represent non-integer value: "Did you mean .*…$/,
    );
    expect(error?.message.length).toBeLessThanOrEqual(400);
  });

  it("a value in a list is named by its place", async () => {
    const query = "query ($list: [Point!]) { points(list: $list) }";
    const [, errors] = await run(hidden, query, {
      list: [{ x: 1 }, { x: "one", z: { deep: [true, null] } }],
    });
    expect(errors.map(({ message }) => message)).toEqual([
      'Variable "$list" got invalid value "one" at "list[1].x"; Int cannot represent non-integer value: "one"',
      'Variable "$list" got invalid value { x: "one", z: { deep: [true, null] } } at "list[1]"; Field "z" is not defined by type "Point".',
    ]);
  });

  it.each([
    ["is missing", {}, 'Variable "$n" of required type "Int!" was not provided.'],
    ["is null", { n: null }, 'Variable "$n" of non-null type "Int!" must not be null.'],
  ])("a variable that %s is told of", async (_name, variables, message) => {
    const [, errors] = await run(hidden, "query ($n: Int!) { big(kilobytes: $n) }", variables);
    expect(errors).toMatchObject([{ message, extensions: { code: "BAD_USER_INPUT" } }]);
  });

  it("of many mistakes a few are told", async () => {
    const unknown = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`unknown${index}`, 1]));
    const query = "query ($list: [Point!]) { points(list: $list) }";
    const [text, inVariables] = await run(hidden, query, { list: [unknown] });
    expect(text.length).toBeLessThan(5000);
    expect(inVariables).toHaveLength(6);
    expect(inVariables[5]?.message).toMatch(/^Too many errors processing variables/);
    const [, inDocument] = await run(hidden, `{ ${manyFields} }`);
    expect(inDocument).toHaveLength(6);
    expect(inDocument[5]?.message).toMatch(/^Too many validation errors/);
  });

  it.each([
    ["field", "{ hallo }"],
    ["argument", "{ big(kilobites: 1) }"],
    ["type", "query ($p: Priorite) { echo(priority: $p) }"],
    ["enum value", "{ echo(priority: HIGHH) }"],
    ["enum value in quotes", '{ echo(priority: "HIGH") }'],
    ["member of an input", "{ points(list: [{ x: 1, yy: 2 }]) }"],
  ])("a %s is suggested where the schema may be seen, and there alone", async (_name, query) => {
    const [seen] = await run(visible, query);
    expect(seen).toContain("Did you mean");
    const [text] = await run(hidden, query);
    expect(text).toContain("VALIDATION_FAILED");
    expect(text).not.toContain("Did you mean");
  });

  it("what a client writes stays as it is, though it looks like a suggestion", async () => {
    const query = "query ($p: Priority) { echo(priority: $p) }";
    const p = "Did you mean LOW? Or what did you mean?";
    const [, [inVariable]] = await run(hidden, query, { p });
    expect(inVariable?.message).toBe(
      `Variable "$p" got invalid value "${p}"; Value "${p}" does not exist in "Priority" enum.`,
    );
    const [, [inLiteral]] = await run(hidden, `{ big(kilobytes: "${p}") }`);
    expect(inLiteral?.message).toBe(`Int cannot represent non-integer value: "${p}"`);
  });
});

function fillTypes(length: number): string {
  return `scalar ${fill("ab", length / 2)} query ($v: ${fill("cd", length / 2)}) { hello }`;
}

function members(length: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: length / 20 }, (_, index) => [`member${index}`, 1]));
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}
