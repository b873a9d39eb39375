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

const h2c =
  "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n";
const body = '{"query":"{ hello }"}';

function post(headers: string, length: number | "chunked" = body.length): string {
  const size = length === "chunked" ? "Transfer-Encoding: chunked" : `Content-Length: ${length}`;
  return `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${size}\r\n${headers}\r\n`;
}

function get(path: string, headers: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;
}

/** What is answered to the parts of a request, each sent after the other. */
async function answerTo(end: RegExp, ...parts: string[]): Promise<string> {
  await using connection = await new RawConnection(edge.url).opened();
  for (const part of parts) {
    connection.write(part);
    // Each part on a turn of its own, so that the server reads it by itself.
    await new Promise(setImmediate);
  }
  return await connection.answer(end);
}

const hello = /\{"data":\{"hello":"world"\}\}/;

describe("an offer to change to another protocol than WebSocket", () => {
  it.each([
    ["with its body", [post(h2c) + body]],
    ["with a body that comes later", [post(h2c), body.slice(0, 7), body.slice(7)]],
    ["with a body in chunks", [post(h2c, "chunked"), `15\r\n${body}\r\n`, "0\r\n\r\n"]],
    ["in odd case", [post("cOnnection: uPGRADE\r\nuPGRADE: H2C\r\n") + body]],
    ["to several", [post("Connection: Upgrade\r\nUpgrade: foo/1, h2c\r\n") + body]],
    ["in a POST to WebSocket", [post("Connection: Upgrade\r\nUpgrade: websocket\r\n") + body]],
  ])("is ignored: a POST %s is answered", async (_name, parts) => {
    const answer = await answerTo(hello, ...parts);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  it("is ignored for a body of 500 kB", async () => {
    const large = JSON.stringify({ query: "{ hello }", variables: { padding: "x".repeat(500_000) } });
    expect(await answerTo(hello, post(h2c, large.length) + large)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it("is ignored on each request of a connection, also on one that is sent before the last is answered", async () => {
    await using connection = await new RawConnection(edge.url).opened();
    connection.write(post(h2c) + body);
    await connection.answer(hello);
    connection.write(post("") + body + post(h2c) + body);
    await connection.answer(/\}\}\n[^]+\}\}\n$/);
    connection.write(get("/health/live", "Connection: close, Upgrade\r\nUpgrade: h2c\r\n"));
    const all = await connection.ended;
    expect(all.match(/HTTP\/1\.1 200 /g)).toHaveLength(4);
    expect(all).toMatch(/\{"status":"ok"\}$/);
  });

  it.each([
    ["/health/live", "200"],
    ["/graphql?query=%7Bhello%7D", "200"],
    ["/elsewhere", "404"],
  ])("is ignored by GET %s", async (path, status) => {
    const answer = await answerTo(/[}\n]$/, get(path, `Apollo-Require-Preflight: 1\r\n${h2c}`));
    expect(answer).toMatch(new RegExp(String.raw`^HTTP/1\.1 ${status} `));
  });

  it("does not change what a request may do", async () => {
    const answer = await answerTo(/\r\n\r\n/, `GET /health/live HTTP/1.1\r\nHost: evil"><x\r\n${h2c}\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe("an offer to change to WebSocket", () => {
  const handshake =
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n";

  it.each(["websocket", "WebSocket", "h2c, websocket", "foo,WEBSOCKET , bar"])(
    "is taken when it says %s",
    async (offers) => {
      const headers = `Connection: keep-alive, Upgrade\r\nUpgrade: ${offers}\r\n${handshake}`;
      const answer = await answerTo(/\r\n\r\n/, get("/graphql", headers));
      expect(answer).toMatch(/^HTTP\/1\.1 101 [^]*Upgrade: websocket\r\n/);
    },
  );
});
