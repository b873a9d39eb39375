import { serverAudits } from "graphql-http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AuthUnavailableError } from "../../src/server/auth/auth-errors.js";
import { type Edge, openEdge, tokenFor } from "./edge.js";
import { codeOf, post, query } from "./requests.js";

let edge: Edge;
beforeAll(async () => {
  edge = await openEdge();
});
afterAll(async () => {
  await edge[Symbol.asyncDispose]();
});

/**
 * Optional audits (MAY) that fail, as they are meant to: each sends a GET that a page of any origin could send unasked, and
 * the CSRF prevention refuses it. With the header apollo-require-preflight it is answered.
 */
const declined = new Set(["5A70", "D6D5", "6A70"]);

describe("the GraphQL over HTTP specification", () => {
  const audits = serverAudits({ url: () => edge.graphqlUrl });
  it.each(audits.map((audit) => [`${audit.id} ${audit.name}`, audit] as const))(
    "%s",
    async (_name, audit) => {
      const result = await audit.fn();
      const expected = declined.has(audit.id) ? "Response status code is not 200" : "none";
      expect(result.status === "ok" ? "none" : result.reason).toBe(expected);
    },
  );

  it("has nothing declined that it demands or recommends", () => {
    const names = audits.filter(({ id }) => declined.has(id)).map(({ name }) => name.split(" ")[0]);
    expect(names).toEqual(["MAY", "MAY", "MAY"]);
  });

  it("is met by a GET that a browser could not send unasked", async () => {
    const url = `${edge.graphqlUrl}?query=${encodeURIComponent("{ hello }")}`;
    const response = await fetch(url, { headers: { "apollo-require-preflight": "1" } });
    expect(await response.json()).toEqual({ data: { hello: "world" } });
  });

  it("has request errors answered with 400 to clients that prefer GraphQL's own media type", async () => {
    const accept = "application/graphql-response+json, application/json;q=0.9";
    const answer = await post(edge.graphqlUrl, { query: "{ nothing }" }, { accept });
    expect(answer.status).toBe(400);
    expect(answer.headers.get("content-type")).toContain("application/graphql-response+json");
    expect(codeOf(answer)).toBe("GRAPHQL_VALIDATION_FAILED");
  });
});

/** A request whose body is a little longer than that. */
function padded(bytes: number) {
  return { query: "{ hello }", variables: { padding: "x".repeat(bytes) } };
}

describe("a request", () => {
  it("without a token is answered where no viewer is needed", async () => {
    expect((await query(edge.graphqlUrl, "{ hello me __typename }")).body.data).toEqual({
      hello: "world",
      me: null,
      __typename: "Query",
    });
  });

  it("with a token knows its viewer", async () => {
    const answer = await query(edge.graphqlUrl, "{ me }", await tokenFor("alice"));
    expect(answer.body.data).toEqual({ me: "alice" });
  });

  it.each([
    ["a bad token", "Bearer nonsense", "The token is not valid"],
    ["something else than a bearer token", "Basic YTpi", "Authorization must have the form: Bearer <token>"],
    ["an empty token", "Bearer ", "Authorization must have the form: Bearer <token>"],
  ])("with %s is refused as a whole", async (_name, authorization, message) => {
    const answer = await post(edge.graphqlUrl, { query: "{ hello }" }, { authorization });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe('Bearer error="invalid_token"');
    expect(answer.body).toEqual({ errors: [{ message, extensions: { code: "UNAUTHENTICATED" } }] });
  });

  it("with an expired token is told so", async () => {
    const answer = await query(edge.graphqlUrl, "{ hello }", await tokenFor("alice", -60));
    expect([answer.status, answer.body.errors?.[0]?.message]).toEqual([401, "The token has expired"]);
  });

  it("with a token that cannot be checked now is asked to come back", async () => {
    await using outage = await openEdge({
      verifyToken: () => Promise.reject(new AuthUnavailableError("keys are away")),
    });
    const answer = await query(outage.graphqlUrl, "{ hello }", "any");
    expect([answer.status, answer.headers.get("retry-after"), codeOf(answer)]).toEqual([
      503,
      "5",
      "SERVICE_UNAVAILABLE",
    ]);
  });

  it("may hold a thousand notifications, and no more than 1 MiB", async () => {
    expect((await post(edge.graphqlUrl, padded(1_000_000))).status).toBe(200);
    const answer = await post(edge.graphqlUrl, padded(1_100_000));
    expect(answer.status).toBe(413);
    expect(answer.body).toEqual({
      errors: [{ message: "The request body is larger than 1 MiB", extensions: { code: "BAD_REQUEST" } }],
    });
  });

  it.each([
    ["that is not JSON", "{", "application/json", 400, "The request body is not valid JSON"],
    ["that is empty", "", "application/json", 400, "The request body is empty"],
    [
      "that is a form",
      "query={hello}",
      "application/x-www-form-urlencoded",
      415,
      "The request body must be application/json",
    ],
    [
      "that is plain text",
      '{"query":"{hello}"}',
      "text/plain",
      415,
      "The request body must be application/json",
    ],
  ])("%s is refused in GraphQL's shape", async (_name, body, type, status, message) => {
    const answer = await post(edge.graphqlUrl, body, { "content-type": type });
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({ errors: [{ message, extensions: { code: "BAD_REQUEST" } }] });
  });

  it.each([
    "application/json",
    "application/json; charset=utf-8",
    "application/json;charset=UTF8",
    'Application/JSON ; Charset = "UTF-8" ; x="; charset=latin1"',
    "application/json; charset=utf-8; charset=utf-8",
  ])("may be of type %s", async (type) => {
    const answer = await post(edge.graphqlUrl, '{"query":"{ hello }"}', { "content-type": type });
    expect([answer.status, answer.body]).toEqual([200, { data: { hello: "world" } }]);
  });

  it.each([
    "application/json; charset=utf-16",
    "application/json; charset=UTF-16LE",
    'application/json; charset="iso-8859-1"',
    "application/json;CHARSET=latin1",
    "application/json; x=y; charset=us-ascii",
    "application/json; charset=utf-8; charset=utf-16",
    "application/json; charset=utf-16; charset=utf-8",
    "application/json; charset=",
    'application/json; charset="utf-8',
  ])("is refused in another charset: %s", async (type) => {
    const answer = await post(edge.graphqlUrl, '{"query":"{ hello }"}', { "content-type": type });
    expect([answer.status, answer.body]).toEqual([
      415,
      {
        errors: [
          {
            message: "The request body must be encoded in UTF-8",
            extensions: { code: "BAD_REQUEST" },
          },
        ],
      },
    ]);
  });

  it.each([
    ["latin1", Buffer.from('{"query":"{ hello } # Grüße"}', "latin1"), "not valid UTF-8"],
    ["half a surrogate pair", Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), "not valid UTF-8"],
    ["a cut character", Buffer.from([0x22, 0xf0, 0x9f]), "not valid UTF-8"],
    ["UTF-16 without saying so", Buffer.from('{"query":"{ hello }"}', "utf16le"), "not valid JSON"],
  ])("is refused when its bytes are %s, and the next one is read", async (_name, bytes, problem) => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(edge.graphqlUrl, { method: "POST", headers, body: new Uint8Array(bytes) });
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { errors: [{ message: `The request body is ${problem}`, extensions: { code: "BAD_REQUEST" } }] },
    ]);
    expect((await query(edge.graphqlUrl, "{ hello }")).status).toBe(200);
  });

  it("may begin with a byte order mark", async () => {
    const answer = await post(edge.graphqlUrl, '\uFEFF{"query":"{ hello }"}');
    expect([answer.status, answer.body]).toEqual([200, { data: { hello: "world" } }]);
  });

  it("cannot be compressed", async () => {
    const answer = await post(edge.graphqlUrl, "{}", { "content-encoding": "gzip" });
    expect([answer.status, answer.body.errors?.[0]?.message]).toEqual([
      415,
      "The request body must not be compressed",
    ]);
  });

  it("cannot be a batch", async () => {
    const answer = await post(edge.graphqlUrl, [{ query: "{ hello }" }, { query: "{ hello }" }]);
    expect([answer.status, codeOf(answer)]).toEqual([400, "BAD_REQUEST"]);
  });

  it("cannot subscribe over HTTP", async () => {
    const answer = await query(edge.graphqlUrl, "subscription { ticks }");
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.[0]?.message).toMatch(/^Subscriptions require a WebSocket/);
  });

  it("of another path finds nothing, in GraphQL's shape", async () => {
    const answer = await post(`${edge.url}/elsewhere`, {});
    expect([answer.status, codeOf(answer)]).toEqual([404, "BAD_REQUEST"]);
  });

  it("has an id that the log knows, and leaves neither its query string nor its token there", async () => {
    const url = `${edge.graphqlUrl}?query=${encodeURIComponent("{ hello }")}&access=canary-1`;
    const headers = {
      "apollo-require-preflight": "1",
      authorization: `Bearer ${await tokenFor("canary-2")}`,
    };
    const response = await fetch(url, { headers });
    const id = response.headers.get("x-request-id");
    const line = edge.logged.find((entry) => entry.includes(`"requestId":"${id}"`));
    expect(line).toMatch(/"method":"GET","path":"\/graphql","status":200/);
    expect(edge.logged.join("")).not.toContain("canary");
    expect(edge.logged.join("")).not.toContain(headers.authorization);
  });

  it("has the headers of an API in its answer", async () => {
    const { headers } = await query(edge.graphqlUrl, "{ hello }");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  });
});
