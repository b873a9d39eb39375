import { once } from "node:events";
import { createServer } from "node:http";
import { expect, it, vi } from "vitest";
import { InboxDocument } from "../../src/client/index.js";
import { openClient } from "./open-client.js";

/** Sends a query to a proxy that answers it with this page of its own. */
async function ask(status: number, page: string): Promise<unknown> {
  const proxy = createServer((_request, response) => {
    response.writeHead(status, { "content-type": "text/html" }).end(page);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const address = proxy.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await using client = openClient(`http://127.0.0.1:${port}`, "alice");
  const answer = await client.request(InboxDocument, { userId: "alice" }).catch((error: unknown) => error);
  proxy.close();
  return answer;
}

it("A client says which status a proxy has answered with, and what to do when a request is too large", async () => {
  expect(await ask(413, "<h1>Request Entity Too Large</h1>")).toMatchObject({
    code: "MESSAGE_TOO_LARGE",
    message: expect.stringMatching(
      /^The request has about \d{3} bytes, and a proxy before the server accepts less \(status 413\)\. Send it in parts\.$/,
    ) as string,
  });
  for (const status of [200, 429, 502, 503]) {
    expect(await ask(status, "<h1>Sorry</h1>")).toMatchObject({
      code: "NETWORK",
      message: expect.stringMatching(
        new RegExp(
          String.raw`^The answer from http://127\.0\.0\.1:\d+/graphql is not GraphQL \(status ${status}\)`,
        ),
      ) as string,
    });
  }
  expect(await ask(502, "")).toMatchObject({ code: "NETWORK" });
});

it("A client whose URL leads elsewhere says so in one line on the console, in development", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  await ask(404, "<h1>Not found</h1>");
  expect(warn.mock.calls).toEqual([
    [
      expect.stringMatching(
        /^\[carillon\] The answer from http:\S+ is not GraphQL \(status 404\); is this the URL of Carillon, and does the proxy forward it\?$/,
      ),
    ],
  ]);
  warn.mockClear();
  // A server that is away for a while is nobody's mistake.
  await ask(503, "<h1>Sorry</h1>");
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});
