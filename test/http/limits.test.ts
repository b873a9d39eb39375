import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Edge, openEdge, tokenFor } from "./edge.js";
import { RawSocket } from "./raw-socket.js";
import { transports } from "./transports.js";

function brokenFormat(): never {
  throw new Error("hunter2");
}

let edge: Edge;
let hidden: Edge;
beforeAll(async () => {
  edge = await openEdge();
  hidden = await openEdge({ schemaVisible: false });
});
afterAll(async () => {
  await edge[Symbol.asyncDispose]();
  await hidden[Symbol.asyncDispose]();
});

describe.each(Object.entries(transports))("over %s", (_name, run) => {
  it("a document of too many tokens is not read", async () => {
    const [, [error]] = await run(edge, `{ ${"hello ".repeat(500)} }`);
    expect(error).toMatchObject({
      message: "Syntax Error: Document contains more that 400 tokens. Parsing aborted.",
      extensions: { code: "GRAPHQL_PARSE_FAILED" },
    });
  });

  it("the given validation rules apply to each request", async () => {
    for (const _attempt of [1, 2]) {
      const [, [error]] = await run(edge, "{ forbidden }");
      expect(error).toMatchObject({
        message: "forbidden is forbidden",
        extensions: { code: "GRAPHQL_VALIDATION_FAILED" },
      });
    }
  });

  it("variables that do not fit are the client's fault", async () => {
    const [, [error]] = await run(edge, "query ($p: Priority) { echo(priority: $p) }", { p: "HIGHH" });
    expect(error).toMatchObject({
      message: expect.stringMatching(/Did you mean the enum value "HIGH"\?$/) as unknown,
      extensions: { code: "BAD_USER_INPUT" },
    });
  });

  it("an operation that the document does not hold is the client's fault", async () => {
    const [, [error]] = await run(edge, "fragment F on Query { hello } query A { ...F } query B { ...F }");
    expect(error).toMatchObject({ extensions: { code: "OPERATION_RESOLUTION_FAILURE" } });
  });

  it("an error that is meant for the client keeps its code and its path", async () => {
    const [, [error]] = await run(edge, "{ refused }");
    expect(error).toMatchObject({
      message: "You may not",
      path: ["refused"],
      extensions: { code: "FORBIDDEN" },
    });
  });

  it("an error that is not is logged, and never shown", async () => {
    const before = edge.logged.length;
    const [text, [error]] = await run(edge, "{ secret }");
    expect(error).toMatchObject({
      message: "Internal server error",
      extensions: { code: "INTERNAL_SERVER_ERROR" },
    });
    expect(text).not.toMatch(/hunter2|stack/);
    expect(edge.logged.slice(before).join("")).toContain("hunter2");
  });

  it("a failure of the masking itself shows nothing", async () => {
    await using broken = await openEdge({ formatError: brokenFormat });
    const [text, [error]] = await run(broken, "{ secret }");
    expect(error).toMatchObject({ message: "Internal server error" });
    expect(text).not.toContain("hunter2");
  });

  it("a schema that is to be seen answers introspection", async () => {
    await expect(run(edge, "{ __schema { nothing } }")).resolves.toMatchObject([
      {},
      [{ message: 'Cannot query field "nothing" on type "__Schema".' }],
    ]);
  });

  it("a schema that is not is neither listed nor suggested", async () => {
    const [, [listed]] = await run(hidden, "{ __schema { queryType { name } } }");
    expect(listed).toMatchObject({ extensions: { code: "GRAPHQL_VALIDATION_FAILED" } });
    const [field] = await run(hidden, "{ hallo }");
    expect(field).toContain("Cannot query field");
    const [value] = await run(hidden, "query ($p: Priority) { echo(priority: $p) }", { p: "HIGHH" });
    expect(value).toContain("does not exist");
    for (const text of [field, value]) expect(text).not.toMatch(/Did you mean/);
  });
});

describe("a subscription", () => {
  it.each([
    ["fails at once", "secretAtOnce", []],
    ["fails in the middle", "secretAfterOne", ["next"]],
    ["fails to resolve an item", "secretInItem", []],
    ["is no stream", "noStream", []],
  ])("that %s shows nothing of why, and harms no other", async (_name, field, before) => {
    await using client = await RawSocket.acknowledged(edge.socketUrl, await tokenFor("alice"));
    client.subscribe("other", "subscription { ticks }");
    await client.next();
    client.subscribe("1", `subscription { ${field} }`);
    for (const type of before) expect(await client.next()).toMatchObject({ id: "1", type });
    expect(JSON.stringify(await client.next())).toContain("Internal server error");
    client.subscribe("2", "{ hello }");
    for (let message = await client.next(); message.id !== "2"; message = await client.next()) {
      expect(message).toMatchObject({ id: "1", type: "complete" });
    }
    expect(client.received.join("")).not.toContain("hunter2");
  });
});
