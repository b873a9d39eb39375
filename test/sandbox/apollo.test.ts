import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApp, type TestApp } from "../kit/app.js";
import { launchChromium } from "../services/chromium.js";

/** In the place of Apollo's script, which is not ours to test: it keeps what it is given, for the test to use. */
const standIn = "window.EmbeddedSandbox = class { constructor(given) { window.given = given; } };";

const isElsewhere = (url: URL): boolean => url.protocol === "https:";

interface Given {
  readonly initialEndpoint: string;
  readonly initialSubscriptionEndpoint: string;
  readonly initialState: { readonly document: string };
  readonly handleRequest: (url: string, options: RequestInit) => Promise<Response>;
}

let browser: Browser;
let app: TestApp;

beforeAll(async () => {
  [browser, app] = await Promise.all([
    launchChromium(),
    startApp({ AUTH_JWT_SECRET: "", SANDBOX: "apollo" }),
  ]);
});

afterAll(async () => {
  await Promise.all([browser.close(), app[Symbol.asyncDispose]()]);
});

test("what Apollo's sandbox asks for is sent with the development token, which it is not told", async () => {
  await using page = await browser.newPage();
  const complaints: string[] = [];
  page.on("console", (line) => void complaints.push(line.text()));
  page.on("pageerror", (error) => void complaints.push(error.message));
  await page.route(isElsewhere, (route) => route.fulfill({ contentType: "text/javascript", body: standIn }));
  await page.goto(`${app.url}/graphql`);

  const answer = await page.evaluate(async () => {
    const { given } = globalThis as unknown as { given: Given };
    const response = await given.handleRequest(given.initialEndpoint, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query: '{ inbox(userId: "alice") { userId } }' }),
    });
    return await response.text();
  });
  expect(JSON.parse(answer)).toEqual({ data: { inbox: { userId: "alice" } } });

  const event = await page.evaluate(async () => {
    const { given } = globalThis as unknown as { given: Given };
    const socket = new WebSocket(given.initialSubscriptionEndpoint, "graphql-transport-ws");
    const query = 'subscription { notificationEvents(userId: "alice") { __typename } }';
    return await new Promise<string>((resolve) => {
      socket.onopen = () => socket.send('{"type":"connection_init","payload":{}}');
      socket.onmessage = ({ data }: MessageEvent<string>) => {
        if (!data.includes("connection_ack")) resolve(data);
        else socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: { query } }));
      };
      socket.onclose = ({ code }) => resolve(`closed with ${code}`);
    });
  });
  expect(JSON.parse(event)).toEqual({
    id: "1",
    type: "next",
    payload: { data: { notificationEvents: { __typename: "InboxReady" } } },
  });

  const given = await page.evaluate(() => JSON.stringify((globalThis as unknown as { given: Given }).given));
  expect(given).toContain("subscription NotificationEvents");
  expect(given).not.toContain("eyJ");
  expect(complaints).toEqual([]);
});

test("without the internet the page says so, and what to do", async () => {
  await using page = await browser.newPage();
  await page.route(isElsewhere, (route) => route.abort());
  await page.goto(`${app.url}/graphql`);
  await page.getByText("SANDBOX=on needs none").waitFor();
});

test("the page's policy names Apollo's hosts and no others", async () => {
  const page = await fetch(`${app.url}/graphql`, { headers: { accept: "text/html" } });
  const policy = page.headers.get("content-security-policy") ?? "";
  expect(policy.match(/https:\/\/[^ ;]+/g)).toEqual([
    "https://embeddable-sandbox.cdn.apollographql.com",
    "https://sandbox.embed.apollographql.com",
  ]);
  expect(policy).toContain("connect-src 'self'");
});
