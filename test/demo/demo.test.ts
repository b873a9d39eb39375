import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signToken } from "../../src/server/auth/development-secret.js";
import { startApp, type TestApp } from "../kit/app.js";
import { eventually } from "../kit/eventually.js";
import { makeDataDirectory } from "../kit/data-directory.js";
import { launchChromium } from "../services/chromium.js";
import { freePort } from "../services/free-port.js";
import { type DemoPage, type DemoUser, openDemo } from "./demo-page.js";

/** Without a secret the service makes its own, and with it the demo's tokens. */
const development = { AUTH_JWT_SECRET: "" };
const sound = "gaps 0, repeats 0";

let browser: Browser;
let app: TestApp;

beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp(development)]);
});

afterAll(async () => {
  await Promise.all([browser.close(), app[Symbol.asyncDispose]()]);
});

test("what one sends, both browsers of a user see at once, and what one reads is read in both", async () => {
  await using here = await openDemo(browser, app.url);
  await using there = await openDemo(browser, app.url);
  const everywhere = [here, there].map((demo) => demo.user("alice"));
  await Promise.all(everywhere.map(isLive));

  await here.send("alice", "Here it is");
  for (const alice of everywhere)
    await becomes(() => alice.events(), ["0 live from here on", "1 created: Here it is, live"]);
  await there.user("alice").press("Mark read");
  for (const alice of everywhere) {
    await becomes(async () => (await alice.events()).at(-1), "2 read: 1, live");
    await becomes(() => alice.unread(), "0 unread");
  }
  await here.user("alice").press("Clear");
  await becomes(() => there.user("alice").titles(), []);
  expect(await there.user("bob").events()).toEqual(["0 live from here on"]);
  for (const demo of [here, there]) isCalm(demo);
});

test("a user who is cut off gets what they missed, once and in order", async () => {
  await using demo = await openDemo(browser, `${app.url}/?user=carol&user=dan`);
  const dan = demo.user("dan");
  await isLive(dan);
  await dan.press("Cut off");
  await becomes(() => dan.connection(), "cut off");

  for (const title of ["one", "two", "three"]) await demo.send("both", title);
  await becomes(async () => (await demo.user("carol").events()).length, 4);
  expect(await dan.events()).toEqual(["0 live from here on"]);

  await dan.press("Reconnect");
  await becomes(
    () => dan.events(),
    [
      "0 live from here on",
      "1 created: one, caught up",
      "2 created: two, caught up",
      "3 created: three, caught up",
      "3 live from here on",
    ],
  );
  expect(await dan.titles()).toEqual(["three (unread)", "two (unread)", "one (unread)"]);
  expect(await dan.sequenceCheck()).toBe(sound);
  isCalm(demo);
});

test("a flood arrives completely", async () => {
  await using demo = await openDemo(browser, `${app.url}/?user=erin&user=frank`);
  const erin = demo.user("erin");
  await isLive(erin);
  await demo.page.getByRole("button", { name: "Flood" }).click();

  await demo.page.getByText(/^500 acknowledged in .*; all had arrived after/).waitFor();
  await becomes(() => erin.unread(), "500 unread");
  expect((await erin.events()).at(-1)).toBe("500 created: Number 500 of 500, live");
  expect(await erin.sequenceCheck()).toBe(sound);
  isCalm(demo);
});

test("a user continues after the service was restarted", async () => {
  await using folder = await makeDataDirectory();
  const environment = { ...development, DATA_DIR: folder.path, PORT: String(await freePort()) };
  const before = await startApp(environment);
  await using demo = await openDemo(browser, before.url);
  const alice = demo.user("alice");
  await isLive(alice);
  await demo.send("alice", "before");
  await becomes(async () => (await alice.events()).length, 2);

  await before[Symbol.asyncDispose]();
  await becomes(() => alice.connection(), "offline, will try again");
  await using _after = await startApp(environment);
  await isLive(alice);
  await demo.send("alice", "after");

  await becomes(async () => (await alice.events()).at(-1), "2 created: after, live");
  expect(await alice.titles()).toEqual(["after (unread)", "before (unread)"]);
  expect(await alice.sequenceCheck()).toBe(sound);
});

test("a user whose token expires again and again misses nothing", async () => {
  await using folder = await makeDataDirectory();
  await using short = await startApp({ ...development, DATA_DIR: folder.path });
  const secret = await readFile(join(folder.path, "development-secret"), "utf8");
  let asked = 0;
  await using demo = await openDemo(browser, short.url, async (context) => {
    await context.route("**/demo/token?userId=alice", async (route) => {
      asked += 1;
      const claims = { userId: "alice", scopes: [], expiresInSeconds: 2 };
      await route.fulfill({
        json: { token: await signToken(secret, claims, { issuer: null, audience: null }) },
      });
    });
  });
  const alice = demo.user("alice");
  await isLive(alice);
  const expected = 8;
  for (let sent = 1; sent <= expected; sent += 1) {
    await demo.send("alice", `No. ${sent}`);
    const before = asked;
    if (sent % 4 === 0) await eventually(() => expect(asked).toBeGreaterThan(before));
  }

  await becomes(async () => (await alice.titles()).length, expected);
  const created = (await alice.events()).filter((event) => event.includes("created"));
  expect(created.map((event) => Number.parseInt(event, 10))).toEqual(
    Array.from({ length: expected }, (_, i) => i + 1),
  );
  expect(await alice.sequenceCheck()).toBe(sound);
  expect(demo.foreignRequests).toEqual([]);
});

test.each(["light", "dark"] as const)("axe-core finds nothing wrong with it in %s", async (colorScheme) => {
  await using demo = await openDemo(browser, `${app.url}/?user=grace-${colorScheme}&user=heidi`);
  const grace = demo.user(`grace-${colorScheme}`);
  await demo.page.emulateMedia({ colorScheme });
  await isLive(grace);
  expect(await demo.violations()).toEqual([]);

  await demo.page.getByLabel("Priority").selectOption("URGENT");
  await demo.send(`grace-${colorScheme}`, "The oven is on");
  await becomes(() => grace.unread(), "1 unread");
  await demo.user("heidi").press("Cut off");
  expect(await demo.violations()).toEqual([]);

  await demo.page.setViewportSize({ width: 390, height: 844 });
  expect(await demo.violations()).toEqual([]);
  const width = await demo.page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);
});

async function isLive(user: DemoUser): Promise<void> {
  await becomes(() => user.connection(), "live");
}

/** The page wrote nothing on its console, and asked no other host. */
function isCalm({ consoleProblems, foreignRequests }: DemoPage): void {
  expect(consoleProblems).toEqual([]);
  expect(foreignRequests).toEqual([]);
}

async function becomes<T>(value: () => Promise<T>, expected: T): Promise<void> {
  await eventually(async () => expect(await value()).toEqual(expected));
}
