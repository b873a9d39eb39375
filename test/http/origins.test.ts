import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Edge, openEdge } from "./edge.js";
import { upgradeStatus } from "./raw-socket.js";

let edge: Edge;
beforeAll(async () => {
  edge = await openEdge();
});
afterAll(async () => {
  await edge[Symbol.asyncDispose]();
});

const strangers = [
  "https://evil.example",
  "https://app.example.evil.example",
  "https://app.example:8443",
  "http://app.example",
  "https://app.example/",
  "null",
];

function preflight(origin: string): Promise<Response> {
  return fetch(edge.graphqlUrl, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type",
    },
  });
}

describe("a page of another origin", () => {
  it("may call when it is listed, with a token", async () => {
    const { status, headers } = await preflight("https://app.example");
    expect(status).toBe(204);
    expect(headers.get("access-control-allow-origin")).toBe("https://app.example");
    expect(headers.get("access-control-allow-headers")).toContain("authorization");
    expect(headers.get("access-control-allow-credentials")).toBeNull();
    expect(headers.get("vary")).toContain("Origin");
  });

  it.each([
    "apollographql-client-name",
    "apollographql-client-version",
    "apollo-require-preflight",
    "graphql-require-preflight",
    "x-apollo-operation-name",
    "traceparent",
    "tracestate",
    "baggage",
    "sentry-trace",
    "x-datadog-trace-id",
    "b3",
    "x-request-id",
    "x-tenant",
  ])("may send the header %s", async (header) => {
    const { headers } = await preflight("https://app.example");
    expect(headers.get("access-control-allow-headers")?.split(", ")).toContain(header);
  });

  it("may not send any header besides, and no header that it may send proves a preflight", async () => {
    const { headers } = await preflight("https://app.example");
    const allowed = headers.get("access-control-allow-headers")?.split(", ") ?? [];
    for (const name of ["*", "cookie", "x-forwarded-for", "x-unheard-of"])
      expect(allowed).not.toContain(name);
    const proofs = ["apollo-require-preflight", "x-apollo-operation-name"];
    const others = allowed.filter((name) => !["content-type", "authorization", ...proofs].includes(name));
    const url = `${edge.graphqlUrl}?query=${encodeURIComponent("{ hello }")}`;
    const get = await fetch(url, { headers: Object.fromEntries(others.map((name) => [name, "1"])) });
    expect(get.status).toBe(400);
    expect(await get.text()).toContain("CSRF");
  });

  it.each(strangers)("may not call as %s", async (origin) => {
    expect((await preflight(origin)).headers.get("access-control-allow-origin")).toBeNull();
    const headers = { origin, "content-type": "application/json" };
    const answer = await fetch(edge.graphqlUrl, { method: "POST", headers, body: '{"query":"{ hello }"}' });
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("may open a socket when it is listed", async () => {
    expect(await upgradeStatus(edge.socketUrl, { origin: "https://app.example" })).toBe(101);
  });

  it.each(strangers)("may not open a socket as %s", async (origin) => {
    expect(await upgradeStatus(edge.socketUrl, { origin })).toBe(403);
  });
});

describe("a socket", () => {
  it("may be opened by a page of our own", async () => {
    expect(await upgradeStatus(edge.socketUrl, { origin: edge.url })).toBe(101);
  });

  it("may be opened by a page of our own behind a proxy that ends TLS", async () => {
    const headers = { host: "notify.example" };
    expect(await upgradeStatus(edge.socketUrl, { origin: "https://notify.example", headers })).toBe(101);
  });

  it("may be opened by a client that is no browser", async () => {
    expect(await upgradeStatus(edge.socketUrl)).toBe(101);
  });

  it("finds nothing at another path", async () => {
    expect(await upgradeStatus(`${edge.socketUrl}/more`)).toBe(404);
    expect(await upgradeStatus(edge.socketUrl.replace("/graphql", "/"))).toBe(404);
  });
});
