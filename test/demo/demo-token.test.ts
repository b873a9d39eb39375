import { get, type IncomingMessage } from "node:http";
import { json } from "node:stream/consumers";
import { decodeJwt } from "jose";
import { expect, test } from "vitest";
import { CreateNotificationDocument, InboxDocument } from "../../src/client/generated.js";
import { startApp } from "../kit/app.js";
import { sharedApp } from "../kit/shared-app.js";
import { ask } from "../kit/requests.js";

/** Without a secret the service makes its own, and with it the demo's tokens. */
const development = { AUTH_JWT_SECRET: "" };
const app = sharedApp(() => startApp(development));

test("a user's token opens that user's inbox for five minutes, and sends nothing", async () => {
  const { status, token } = await tokenFor("userId=alice");
  expect(status).toBe(200);
  const { iat = 0, exp = 0 } = decodeJwt(token);
  expect(exp - iat).toBe(300);

  const own = await ask(app.url, token, InboxDocument, { userId: "alice", first: 1 });
  expect(own.data?.inbox.userId).toBe("alice");
  const other = await ask(app.url, token, InboxDocument, { userId: "bob", first: 1 });
  expect(other.errors?.[0]?.extensions.code).toBe("FORBIDDEN");
  expect(await codeOfSending(token)).toBe("FORBIDDEN");
});

test("the sender's token sends", async () => {
  const { token } = await tokenFor("sender=true");
  expect(await codeOfSending(token)).toBeUndefined();
});

test.each([
  ["no user", ""],
  ["two users", "userId=alice&userId=bob"],
  ["an empty user", "userId="],
  ["a user of blanks", "userId=%20%E2%80%8B"],
  ["a user with a line break", "userId=ada%0Alovelace"],
  ["a user that is too long", `userId=${"a".repeat(129)}`],
])("%s is bad input", async (_what, query) => {
  const { status, error } = await tokenFor(query);
  expect(status).toBe(400);
  expect(error).toMatch(/^userId must /);
});

test.each([
  ["a page of another site", { "sec-fetch-site": "cross-site" }, 403],
  ["a page of another port of this machine", { "sec-fetch-site": "same-site" }, 403],
  ["a page under a name that someone else may own", { host: "rebound.example" }, 403],
  ["a page of this origin", { "sec-fetch-site": "same-origin" }, 200],
  [
    "a page of a development server that passes requests on",
    { "sec-fetch-site": "same-origin", host: "localhost:5173" },
    200,
  ],
])("%s: %o gives %i", async (_who, headers, expected) => {
  const { status, token } = await tokenFor("userId=alice", headers);
  expect(status).toBe(expected);
  expect(token).toMatch(expected === 200 ? /^ey/ : /^$/);
});

test("the token is for no cache, and for no other origin", async () => {
  const { headers } = await fetch(`${app.url}/demo/token?userId=alice`, {
    headers: { origin: "http://other.example" },
  });
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("access-control-allow-origin")).toBeNull();
});

test("the page's policy allows no other host, and what it loads may be kept", async () => {
  const page = await fetch(app.url);
  expect(page.headers.get("content-security-policy")).toContain(
    "default-src 'none';script-src 'self';style-src 'self';",
  );
  expect(page.headers.get("cache-control")).toBe("no-store");
  const [script] = /\/demo\/assets\/[^"]+\.js/.exec(await page.text()) ?? [];
  const loaded = await fetch(`${app.url}${script}`);
  expect(loaded.headers.get("cache-control")).toContain("immutable");
  expect((await fetch(`${app.url}/demo/assets/..%2findex.html`)).status).toBe(404);
});

/** Asks as `curl` would, but for these headers. */
async function tokenFor(
  query: string,
  headers: Record<string, string> = {},
): Promise<{ status: number | undefined; token: string; error: string }> {
  // Unlike fetch, this lets a test say the host.
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${app.url}/demo/token?${query}`, { headers }, resolve).on("error", reject);
  });
  const answer = (await json(response)) as { token?: string; error?: string };
  return { status: response.statusCode, token: answer.token ?? "", error: answer.error ?? "" };
}

async function codeOfSending(token: string): Promise<string | undefined> {
  const input = { userId: "alice", category: "test", title: "Here it is" };
  const { errors } = await ask(app.url, token, CreateNotificationDocument, { input });
  return errors?.[0]?.extensions.code;
}
