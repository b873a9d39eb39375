import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Edge, openEdge } from "./edge.js";
import { RawConnection } from "./raw-connection.js";

let edge: Edge;
beforeAll(async () => {
  edge = await openEdge();
});
afterAll(async () => {
  await edge[Symbol.asyncDispose]();
});

const body = '{"query":"{ hello }"}';
const bodyHeaders = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`;

/** Sends this head of a request, and a body where it announces one; gives the status, the answer and what was logged. */
async function send(head: string): Promise<{ status: string; text: string; log: string }> {
  const before = edge.logged.length;
  await using connection = new RawConnection(edge.url);
  connection.write(`${head}Connection: close\r\n\r\n${head.includes("Content-Length") ? body : ""}`);
  const text = await connection.ended;
  return { status: text.split(" ", 2)[1] ?? "", text, log: edge.logged.slice(before).join("") };
}

describe.each([
  ["POST /graphql", bodyHeaders],
  ["GET /graphql?query=%7Bhello%7D", "Apollo-Require-Preflight: 1\r\n"],
  ["GET /graphql", "Accept: text/html\r\n"],
  ["GET /health/live", ""],
  ["GET /elsewhere", ""],
  ["GET /graphql", "Upgrade: websocket\r\nConnection: Upgrade\r\n"],
])("%s", (request, headers) => {
  it.each([
    'evil"><x',
    "",
    "a b",
    "[",
    "[::1",
    "x:99999",
    "x:port",
    "user@x",
    "x/y",
    "x?y",
    "%",
    "%00",
    "\\",
    "1.2.3.4.5",
    ":80",
    "é",
    "x\ty",
    "a".repeat(400),
  ])("with the Host %j is refused in one line", async (host) => {
    const { status, text, log } = await send(`${request} HTTP/1.1\r\nHost: ${host}\r\n${headers}`);
    expect(status).toBe("400");
    if (!headers.includes("Upgrade")) expect(text).toMatch(/"message":"The Host header must be [^"]*"/);
    expect(log).not.toMatch(/"stack"|"level":50/);
    expect(log.trimEnd().split("\n").filter(Boolean).length).toBeLessThanOrEqual(1);
  });

  it("with two Hosts is refused", async () => {
    const { status } = await send(`${request} HTTP/1.1\r\nHost: x\r\nhost: x\r\n${headers}`);
    expect(status).toBe("400");
  });

  it("without a Host is refused", async () => {
    expect((await send(`${request} HTTP/1.1\r\n${headers}`)).status).toBe("400");
  });
});

describe("a request", () => {
  it.each(["x", "X:80", "x:", "a_b.example", "127.0.0.1:4000", "[::1]:4000", "xn--bcher-kva.example"])(
    "to the Host %s is answered",
    async (host) => {
      const { status } = await send(`POST /graphql HTTP/1.1\r\nHost: ${host}\r\n${bodyHeaders}`);
      expect(status).toBe("200");
    },
  );

  it.each([`POST /graphql HTTP/1.0\r\n${bodyHeaders}`, "GET /health/live HTTP/1.0\r\n"])(
    "of HTTP/1.0 needs no Host: %j",
    async (head) => {
      expect((await send(head)).status).toBe("200");
    },
  );

  it.each(["/%", "/graphql%zz", "/health/live%E0%A4%A"])(
    "for %s, which cannot be decoded, is refused in GraphQL's shape",
    async (path) => {
      const { status, text, log } = await send(`GET ${path} HTTP/1.1\r\nHost: x\r\n`);
      expect(status).toBe("400");
      expect(text).toContain('{"errors":[{"message":"The URL cannot be decoded"');
      expect(log).toMatch(/"path":"[^"]+","status":400/);
    },
  );

  it.each([
    ["//", "404"],
    ["//graphql", "404"],
    ["/graphql%00", "404"],
    ["/constructor", "404"],
    ["http://x/health/live", "200"],
    ["http://[/health/live", "400"],
    ["/a b", "400"],
    [`/${"a".repeat(15_000)}`, "404"],
    [`/${"a".repeat(20_000)}`, "431"],
    ["/graphql?query=%", "200"],
  ])("for %.40s gets the status %s", async (target, expected) => {
    const { status, log } = await send(
      `GET ${target} HTTP/1.1\r\nHost: x\r\nApollo-Require-Preflight: 1\r\n`,
    );
    expect(status).toBe(expected);
    expect(log).not.toMatch(/"stack"|"level":50/);
  });

  it.each(["Accept", "Content-Type"])("with an endless %s is refused before it is parsed", async (name) => {
    const value = `application/json;${" ".repeat(15_000)}x`;
    const { status, text } = await send(`POST /graphql HTTP/1.1\r\nHost: x\r\n${name}: ${value}\r\n`);
    expect(status).toBe("431");
    expect(text).toContain(`"The header ${name.toLowerCase()} must have at most 1024 characters"`);
  });

  it.each(["null", 'evil"><x', "http://[", "http://x:99999", "a".repeat(9000)])(
    "of the origin %.20s is answered",
    async (origin) => {
      const { status } = await send(
        `POST /graphql HTTP/1.1\r\nHost: x\r\nOrigin: ${origin}\r\nCookie: a=%;=\r\n${bodyHeaders}`,
      );
      expect(status).toBe("200");
    },
  );
});
