import { once } from "node:events";
import { createServer } from "node:http";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { warnIfNoKeys } from "../../src/server/auth/jwks-check.js";
import { freePort } from "../services/free-port.js";
import { startIssuer } from "./issuer.js";

const unreadable =
  "AUTH_JWKS_URL cannot be read, and all tokens are rejected until it can: see whether the issuer answers there, or correct AUTH_JWKS_URL";
const empty =
  "AUTH_JWKS_URL has no keys, and all tokens are rejected until it has: publish a key at the issuer, or correct AUTH_JWKS_URL";

/** What the log is told of the keys at a URL. */
async function warningsOf(url: string): Promise<unknown[]> {
  const lines: unknown[] = [];
  await warnIfNoKeys(
    url,
    pino({ base: null, timestamp: false }, { write: (line) => lines.push(JSON.parse(line)) }),
  );
  return lines;
}

describe("at the start, the log says of AUTH_JWKS_URL what is wrong and what to do", () => {
  it("when nothing answers there", async () => {
    const url = `http://127.0.0.1:${await freePort()}/keys`;
    expect(await warningsOf(url)).toEqual([
      { level: 40, url, reason: "fetch failed: ECONNREFUSED", msg: unreadable },
    ]);
  });

  it.each([
    ["an error", 500, "{}", "HTTP 500", unreadable],
    ["a page", 200, "<html>", "the response is not a JWKS", unreadable],
    ["other JSON", 200, '{"key": []}', "the response is not a JWKS", unreadable],
    ["a JWKS without keys", 200, '{"keys": []}', undefined, empty],
  ])("when the answer is %s", async (_what, status, body, reason, msg) => {
    const server = createServer((_request, response) => response.writeHead(status).end(body));
    await once(server.listen(0, "127.0.0.1"), "listening");
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/keys`;
    try {
      expect(await warningsOf(url)).toEqual([{ level: 40, url, ...(reason && { reason }), msg }]);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  it("and nothing when there are keys", async () => {
    await using issuer = await startIssuer("ES256");
    expect(await warningsOf(issuer.url)).toEqual([]);
  });
});
