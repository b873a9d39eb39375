import { mkdir } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startApp, type TestApp } from "../kit/app.js";
import { inboxOf, markRead, notify, notifyMany } from "../kit/backend.js";
import { openCluster } from "../kit/cluster.js";
import { upTo } from "../kit/items.js";
import { launchChromium } from "../services/chromium.js";
import { waitUntil } from "../services/wait-until.js";
import { bundlePage, type InboxPage, openInboxPage, type PageOptions } from "./inbox-page.js";

/** Where screenshots go, to be looked at; unset: none are taken. */
const screenshots = process.env["SCREENSHOTS"];

describe("<Inbox/>", () => {
  let app: TestApp;
  let browser: Browser;
  let script: string;

  beforeAll(async () => {
    [app, browser, script] = await Promise.all([startApp(), launchChromium(), bundlePage()]);
    if (screenshots !== undefined) await mkdir(screenshots, { recursive: true });
  });
  afterAll(async () => {
    await browser.close();
    await app[Symbol.asyncDispose]();
  });

  async function open(options: PageOptions, url = app.url): Promise<InboxPage> {
    return await openInboxPage(browser, script, url, options);
  }

  async function shoot({ page }: InboxPage, name: string): Promise<void> {
    if (screenshots !== undefined) await page.screenshot({ path: `${screenshots}/${name}.png` });
  }

  it("shows what arrives in two browsers, and what is done in one in the other", async () => {
    await using here = await open({ users: ["alice"] });
    await using there = await open({ users: ["alice"] });
    await expectBell(here, 0);
    await notify(app.url, "alice", "Your order is on its way", { body: "It should arrive on Thursday." });
    await notify(app.url, "alice", "Your invoice", { actionUrl: "/invoices/7", priority: "URGENT" });
    for (const page of [here, there]) {
      await expectBell(page, 2);
      expect(await page.page.getByLabel("Unread", { exact: true }).innerText()).toBe("2");
      await page.bell.click();
      await expectTitles(page, ["Your invoice", "Your order is on its way"]);
    }
    await shoot(here, "desktop-light");

    await here.item("Your order is on its way").hover();
    await here.page.getByRole("button", { name: "Mark as read: Your order is on its way" }).click();
    await expectBell(there, 1);
    await there.page.getByRole("button", { name: "Mark all read" }).click();
    await expectBell(here, 0);
    await here.item("Your invoice").hover();
    await here.page.getByRole("button", { name: "Delete: Your invoice" }).click();
    await expectTitles(there, ["Your order is on its way"]);
    await there.page.getByRole("button", { name: "Clear" }).click();
    await there.page.getByRole("button", { name: "Keep them" }).click();
    await there.page.getByRole("button", { name: "Clear" }).click();
    await there.page.getByRole("button", { name: "Delete all" }).click();
    for (const page of [here, there]) {
      await page.page.getByText("You are all caught up").waitFor();
      expect(await page.audit()).toMatchObject({ violations: [] });
      expect(page.complaints).toEqual([]);
    }
    await shoot(here, "desktop-empty");
  });

  it("is used by keyboard alone, and keeps the focus where it was", async () => {
    for (const n of upTo(30)) await notify(app.url, "keys", `Number ${n}`, { actionUrl: "/health/ready" });
    await using inbox = await open({ users: ["keys"] });
    const { page } = inbox;
    await expectBell(inbox, 30);
    await inbox.bell.focus();
    await page.keyboard.press("Enter");
    await inbox.item("Number 30").waitFor();
    expect(await focused(inbox)).toBe("Notifications");
    while ((await focused(inbox)) !== "Number 30") await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowDown");
    await expectFocus(inbox, "Number 29");
    await page.keyboard.press("End");
    await expectFocus(inbox, "Number 1");
    await page.keyboard.press("PageUp");
    await expectFocus(inbox, "Number 6");
    await page.keyboard.press("Home");
    await expectFocus(inbox, "Number 30");

    await page.keyboard.press("r");
    await expectBell(inbox, 29);
    await page.keyboard.press("r");
    await expectBell(inbox, 30);
    await page.keyboard.press("Delete");
    await expectFocus(inbox, "Number 29");
    await page.evaluate(() => addEventListener("click", (event) => event.preventDefault()));
    await page.keyboard.press("Enter");
    await expectBell(inbox, 28);
    // The buttons of the item that has the focus come next, and of no other.
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("A");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expectBell(inbox, 29);
    await page.keyboard.press("Escape");
    await inbox.panel.waitFor({ state: "detached" });
    expect(await focused(inbox)).toMatch(/^Notifications, 29 unread/);
    expect(inbox.complaints).toEqual([]);
  });

  it("tells screen readers what arrives, many at once as one", async () => {
    await using inbox = await open({ users: ["aloud"] });
    await expectBell(inbox, 0);
    const live = inbox.page.locator(".carillon-unseen[role=status]");
    await notifyMany(
      app.url,
      upTo(5).map((n) => ({ userId: "aloud", title: `${n}`, category: "test" })),
    );
    await vi.waitFor(async () => expect(await live.innerText()).toBe("5 new notifications"), 10_000);
    await notify(app.url, "aloud", "And one");
    await vi.waitFor(async () => expect(await live.innerText()).toBe("New notification: And one"), 10_000);
  });

  it("takes back what the server did not do, and says so", async () => {
    await notify(app.url, "undo", "Important");
    await using inbox = await open({ users: ["undo"] });
    await inbox.bell.click();
    await inbox.item("Important").hover();
    await inbox.page.route("**/graphql", (route) => route.abort());
    await inbox.page.getByRole("button", { name: "Delete: Important" }).click();
    await inbox.page.getByText("That could not be done. Nothing was changed.").waitFor();
    await expectTitles(inbox, ["Important"]);
    expect((await inbox.audit()).violations).toEqual([]);
    await shoot(inbox, "desktop-refused");
    await inbox.page.unroute("**/graphql");
    await inbox.page.getByRole("button", { name: "Dismiss" }).click();
    await inbox.page.getByRole("button", { name: "Delete: Important" }).click();
    await inbox.page.getByText("You are all caught up").waitFor();
  });

  it("says when it cannot load, and tries again", async () => {
    await notify(app.url, "later", "There");
    const context = await browser.newContext();
    await context.close();
    await using inbox = await open({ users: ["later"] });
    await inbox.bell.waitFor();
    await inbox.page.route("**/graphql", (route) => route.abort());
    // Another user's inbox is read anew: here the same user's, after a reload of the application.
    await inbox.page.evaluate(() => {
      document.body.innerHTML = `<div id="app"></div>`;
      mountInbox(["later"], { variant: "panel" });
    });
    await inbox.page.getByText("Your notifications could not be loaded.").waitFor();
    expect((await inbox.audit()).violations).toEqual([]);
    await shoot(inbox, "desktop-failed");
    await inbox.page.unroute("**/graphql");
    await inbox.page.getByRole("button", { name: "Try again" }).click();
    await expectTitles(inbox, ["There"]);
  });

  it("has everything once after it was offline, after a restart of the server, and after tokens expired", async () => {
    await using cluster = await openCluster();
    let instance = await cluster.start();
    const { port } = new URL(instance.url);
    await using inbox = await open({ users: ["away"], tokenLife: 3 }, instance.url);
    await inbox.bell.click();
    await notify(instance.url, "away", "before");
    await expectTitles(inbox, ["before"]);

    await inbox.context.setOffline(true);
    await notify(instance.url, "away", "while offline");
    await inbox.page.getByText("You are offline").waitFor();
    expect(await inbox.titles()).toEqual(["before"]);
    await shoot(inbox, "desktop-offline");
    await inbox.context.setOffline(false);
    await expectTitles(inbox, ["while offline", "before"]);

    await instance.stop("SIGTERM");
    instance = await cluster.start({ PORT: port });
    await notify(instance.url, "away", "after the restart");
    await expectTitles(inbox, ["after the restart", "while offline", "before"]);

    const tokens = inbox.tokens();
    const sent = ["before", "while offline", "after the restart"];
    await waitUntil("three more tokens", async () => {
      sent.push(`token ${sent.length}`);
      await notify(instance.url, "away", sent.at(-1) ?? "");
      return inbox.tokens() >= tokens + 3;
    });
    const server = await inboxOf(instance.url, "away");
    await expectBell(inbox, server.unreadCount);
    await vi.waitFor(async () => expect(await inbox.page.evaluate(() => heard)).toEqual(sent), 5000);
    process.stdout.write(
      `away: offline and back, a restart, ${inbox.tokens()} tokens of 3 s: ${server.totalCount} notifications, each heard of once\n`,
    );
  });

  it("shows another user nothing of the former one", async () => {
    await notify(app.url, "first", "For the first");
    await notify(app.url, "second", "For the second");
    await using inbox = await open({ users: ["first", "second"], variant: "panel" });
    await expectTitles(inbox, ["For the first"]);
    await inbox.page.getByRole("button", { name: "Change user" }).click();
    await expectTitles(inbox, ["For the second"]);
    await notify(app.url, "first", "Still for the first");
    await notify(app.url, "second", "More for the second");
    await expectTitles(inbox, ["More for the second", "For the second"]);
    expect(await inbox.page.evaluate(() => heard)).toEqual(["More for the second"]);
  });

  it("renders texts as texts, and links to nothing but pages", async () => {
    const links = [
      "https://example.com/a",
      "/path",
      "//evil.example",
      "/\\evil.example",
      "javascript:alert(1)",
    ];
    for (const [index, actionUrl] of links.entries()) {
      const title = `<img src=x onerror="heard.push('script')">${index}`;
      // The server refuses some of them itself.
      await notify(app.url, "mallory", title, { actionUrl }).catch(() => notify(app.url, "mallory", title));
    }
    await using inbox = await open({ users: ["mallory"], variant: "panel" });
    await inbox.items.first().waitFor();
    const hrefs = await inbox.page
      .locator(".carillon-item a")
      .evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    expect(hrefs.toSorted()).toEqual(["/path", "https://example.com/a"]);
    expect(await inbox.page.locator(".carillon-item img").count()).toBe(0);
    expect(await inbox.page.evaluate(() => heard)).toEqual([]);
  });

  it("scrolls through 10,000 notifications with a small document", async () => {
    for (const part of upTo(10)) {
      await notifyMany(
        app.url,
        upTo(1000).map((n) => ({
          userId: "many",
          title: `Number ${(part - 1) * 1000 + n}`,
          category: "test",
          body: "A text that is longer for some than it is for others. ".repeat(n % 4),
        })),
      );
    }
    await using inbox = await open({ users: ["many"], variant: "panel" });
    const { page } = inbox;
    await inbox.item("Number 10000").waitFor();
    const frames = await page.evaluate(scrollToTheEnd);
    await inbox.item("Number 1").waitFor();
    expect(frames.mostArticles).toBeLessThan(60);
    expect(frames.height).toBeGreaterThan(10_000 * 60);
    expect((await inbox.audit()).violations).toEqual([]);

    const smooth = await page.evaluate(scrollSmoothly);
    process.stdout.write(
      `10,000 notifications: ${frames.mostArticles} articles in the document at most; frames while it scrolls through loaded ` +
        `ones: ${smooth.count}, median ${smooth.median.toFixed(1)} ms, 95th percentile ${smooth.high.toFixed(1)} ms, longest ${smooth.longest.toFixed(1)} ms\n`,
    );

    // What is read stays where it is when something arrives above.
    await page.locator(".carillon-scroller").evaluate((scroller) => scroller.scrollTo(0, 5000));
    const before = await topmost(inbox);
    await notify(app.url, "many", "Something new");
    await expectBellCount(inbox, 10_001);
    await vi.waitFor(async () => expect(await topmost(inbox)).toEqual(before));
    expect(inbox.complaints).toEqual([]);
  });

  it.each([
    ["phone-light", { viewport: phone, theme: "light" }],
    ["phone-dark", { viewport: phone, theme: "dark" }],
    ["phone-rtl", { viewport: phone, dir: "rtl" }],
    ["desktop-dark", { theme: "dark" }],
    ["desktop-rtl", { dir: "rtl" }],
  ] as const)("has no violation that axe-core knows: %s", async (name, options) => {
    const userId = `looks-${name}`;
    const rtl = "dir" in options;
    for (const [title, body] of rtl ? hebrew : english) {
      await notify(app.url, userId, title, { body, actionUrl: "/orders/7", priority: priorityOf(title) });
    }
    const { notifications } = await inboxOf(app.url, userId);
    await markRead(
      app.url,
      userId,
      notifications.nodes.slice(2, 4).map(({ id }) => id),
    );
    const isPhone = "viewport" in options;
    await using inbox = await open({
      users: [userId],
      ...options,
      context: isPhone ? { hasTouch: true, isMobile: true } : {},
    });
    await inbox.bell.click();
    await vi.waitFor(async () => expect(await inbox.items.count()).toBe(english.length));
    await inbox.items.first().hover();
    const audit = await inbox.audit();
    expect(audit.violations).toEqual([]);
    expect(audit.passes).toBeGreaterThan(20);
    if (isPhone) {
      const sizes = await inbox.panel
        .getByRole("button")
        .evaluateAll((all) => all.map((button) => button.getBoundingClientRect().height));
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(44);
    }
    await shoot(inbox, name);
  });

  async function expectBell(inbox: InboxPage, unread: number): Promise<void> {
    const name = unread === 0 ? "Notifications" : `Notifications, ${unread} unread`;
    await inbox.page.getByRole("button", { name, exact: true }).waitFor();
  }

  async function expectBellCount(inbox: InboxPage, unread: number): Promise<void> {
    await inbox.page.getByLabel("Unread", { exact: true }).getByText(`${unread}`, { exact: true }).waitFor();
  }
});

const phone = { width: 390, height: 844 };

const english = [
  ["Welcome to Carillon", "Everything that happens appears here, at once and once."],
  ["Your weekly summary is ready", "12 orders, 3 returns."],
  ["Your password was changed", null],
  [
    "A title that is long enough to need a second line on a telephone, and perhaps on a desktop too",
    "And a body that goes on for a while, so that one can see how it is cut off after three lines, as it should be in a list that is to be read at a glance and not from the beginning to the end by everyone.",
  ],
  ["Your order is on its way", "It should arrive on Thursday."],
  ["Payment failed", "We will try again tomorrow."],
] as const;

const hebrew = [
  ["ברוכים הבאים", "כל מה שקורה מופיע כאן."],
  ["הסיכום השבועי שלך מוכן", "12 הזמנות, 3 החזרות."],
  ["הסיסמה שלך שונתה", null],
  ["Mixed: הזמנה מספר 1042 בדרך", "It should arrive on Thursday."],
  ["ההזמנה שלך בדרך", "היא אמורה להגיע ביום חמישי."],
  ["התשלום נכשל", "ננסה שוב מחר."],
] as const;

function priorityOf(title: string): "URGENT" | "NORMAL" {
  return ["Payment failed", "התשלום נכשל"].includes(title) ? "URGENT" : "NORMAL";
}

async function expectTitles(inbox: InboxPage, titles: readonly string[]): Promise<void> {
  await vi.waitFor(async () => expect(await inbox.titles()).toEqual(titles), {
    timeout: 15_000,
    interval: 50,
  });
}

/** What a screen reader would call what has the focus. */
async function focused({ page }: InboxPage): Promise<string> {
  return await page.evaluate(() => {
    const element = document.activeElement;
    const named = element?.getAttribute("aria-labelledby");
    const label = named === null || named === undefined ? null : document.getElementById(named)?.textContent;
    return (label ?? element?.getAttribute("aria-label") ?? element?.textContent ?? "").replace(
      /^Unread: /,
      "",
    );
  });
}

async function expectFocus(inbox: InboxPage, name: string): Promise<void> {
  await vi.waitFor(async () => expect(await focused(inbox)).toBe(name), { timeout: 10_000 });
}

/** The article at the top of what is seen, and where it is. */
async function topmost({ page }: InboxPage): Promise<{ id: string | undefined; offset: number }> {
  return await page.locator(".carillon-scroller").evaluate((scroller) => {
    const { top } = scroller.getBoundingClientRect();
    const articles = [...scroller.querySelectorAll<HTMLElement>("article")];
    const article = articles.find((one) => one.getBoundingClientRect().bottom > top + 1);
    return {
      id: article?.dataset["id"],
      offset: Math.round((article?.getBoundingClientRect().top ?? 0) - top),
    };
  });
}

/** Scrolls down until everything is loaded. Runs in the page. */
async function scrollToTheEnd(): Promise<{ mostArticles: number; height: number }> {
  const scroller = document.querySelector(".carillon-scroller");
  if (scroller === null) throw new Error("There is no list");
  let mostArticles = 0;
  const feed = scroller.querySelector("[role=feed]");
  while (document.querySelector('[aria-posinset="10000"]') === null) {
    scroller.scrollTo(0, scroller.scrollHeight);
    await new Promise((resolve) => requestAnimationFrame(resolve));
    mostArticles = Math.max(mostArticles, scroller.querySelectorAll("article").length);
  }
  return { mostArticles, height: feed?.clientHeight ?? 0 };
}

/** Scrolls up by 120 pixels a frame, and measures the frames in milliseconds. Runs in the page. */
async function scrollSmoothly(): Promise<{ count: number; median: number; high: number; longest: number }> {
  const scroller = document.querySelector(".carillon-scroller");
  if (scroller === null) throw new Error("There is no list");
  const times: number[] = [];
  let last = performance.now();
  for (let frame = 0; frame < 180; frame += 1) {
    scroller.scrollBy(0, -120);
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  const sorted = times.toSorted((a, b) => a - b);
  return {
    count: sorted.length,
    median: sorted[Math.floor(sorted.length / 2)] ?? 0,
    high: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
    longest: sorted.at(-1) ?? 0,
  };
}
