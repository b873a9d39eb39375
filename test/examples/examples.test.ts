import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inboxOf, notify, notifyMany } from "../kit/backend.js";
import { eventually } from "../kit/eventually.js";
import { type Cluster, openCluster } from "../kit/cluster.js";
import type { Instance } from "../kit/instance.js";
import { upTo } from "../kit/items.js";
import { launchChromium } from "../services/chromium.js";
import { waitUntil } from "../services/wait-until.js";
import { type Example, type ExamplePage, openExample, serveExample } from "./example-page.js";

const screenshots = process.env["SCREENSHOTS"];

describe.each(["apollo", "urql"])("The example with %s", (name) => {
  let cluster: Cluster;
  let instance: Instance;
  let browser: Browser;
  let example: Example;

  beforeAll(async () => {
    cluster = await openCluster();
    [instance, browser] = await Promise.all([cluster.start(), launchChromium()]);
    example = await serveExample(name, instance.url, 4);
  });
  afterAll(async () => {
    await browser.close();
    await example[Symbol.asyncDispose]();
    await cluster[Symbol.asyncDispose]();
  });

  it("shows the inbox, live in every browser, and does what it is told", async () => {
    await notifyMany(
      instance.url,
      upTo(25).map((n) => ({ userId: "alice", title: `Number ${n}`, category: "test", body: "A text." })),
    );
    await using here = await openExample(browser, example.url, "alice");
    await using there = await openExample(browser, example.url, "alice");
    for (const one of [here, there]) {
      await eventually(async () => expect(await one.titles()).toHaveLength(20));
    }
    await here.press("Load more");
    await expectTitles(
      here,
      upTo(25)
        .map((n) => `Number ${n}`)
        .toReversed(),
    );

    await notify(instance.url, "alice", "New");
    await expectUnread([here, there], 26);
    expect((await here.titles())[0]).toBe("New");
    await here.press("Read: New");
    await expectUnread([here, there], 25);
    await there.press("Unread: New");
    await expectUnread([here, there], 26);
    await there.press("Delete: New");
    await expectUnread([here, there], 25);
    await here.press("Mark all read");
    await expectUnread([here, there], 0);
    await expectTitles(
      here,
      upTo(25)
        .map((n) => `Number ${n}`)
        .toReversed(),
    );
    for (const scheme of ["light", "dark"] as const) {
      await here.page.emulateMedia({ colorScheme: scheme });
      expect(await here.violations()).toEqual([]);
      if (screenshots !== undefined) {
        await here.page.screenshot({ path: `${screenshots}/${name}-${scheme}.png` });
      }
    }
    await here.page.setViewportSize({ width: 390, height: 844 });
    if (screenshots !== undefined) await here.page.screenshot({ path: `${screenshots}/${name}-phone.png` });
    for (const one of [here, there]) expect(one.consoleProblems).toEqual([]);
  });

  it("has everything once after it was offline, after a restart of the server, and after tokens expired", async () => {
    await using page = await openExample(browser, example.url, "away");
    const sent = ["before"];
    await notify(instance.url, "away", "before");
    await expectTitles(page, sent);

    await page.context.setOffline(true);
    for (const n of upTo(3)) sent.unshift(`offline ${n}`);
    for (const title of sent.slice(0, 3).toReversed()) await notify(instance.url, "away", title);
    expect(await page.titles()).toEqual(["before"]);
    await page.context.setOffline(false);
    await expectTitles(page, sent);

    const { port } = new URL(instance.url);
    await instance.stop("SIGTERM");
    instance = await cluster.start({ PORT: port });
    sent.unshift("restarted");
    await notify(instance.url, "away", "restarted");
    await expectTitles(page, sent);

    const tokens = example.tokens();
    const writeAndLook = async (): Promise<boolean> => {
      const title = `token ${sent.length}`;
      sent.unshift(title);
      await notify(instance.url, "away", title);
      return example.tokens() >= tokens + 2;
    };
    await waitUntil("two more tokens", writeAndLook, { interval: 250 });
    const { unreadCount } = await inboxOf(instance.url, "away");
    await expectUnread([page], unreadCount);
    await expectTitles(page, sent);
    expect(page.consoleProblems).toEqual([]);
    process.stdout.write(
      `${name}: offline and back, a restart, ${example.tokens()} tokens of 4 s: ${unreadCount} notifications, each shown once\n`,
    );
  });
});

async function expectTitles(page: ExamplePage, titles: readonly string[]): Promise<void> {
  await eventually(async () => expect(await page.titles()).toEqual(titles));
}

async function expectUnread(pages: readonly ExamplePage[], unread: number): Promise<void> {
  for (const page of pages) {
    await eventually(async () => expect(await page.unread()).toBe(`${unread}`));
  }
}
