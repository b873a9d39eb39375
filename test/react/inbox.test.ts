import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inboxOf, notify, notifyMany } from "../kit/backend.js";
import { eventually } from "../kit/eventually.js";
import { openCluster } from "../kit/cluster.js";
import { upTo } from "../kit/items.js";
import { waitUntil } from "../services/wait-until.js";
import type { InboxPage } from "./inbox-page.js";
import { openInboxFixture, type InboxFixture } from "./inbox-fixture.js";

describe("<Inbox/>", () => {
  let fixture: InboxFixture;
  beforeAll(async () => {
    fixture = await openInboxFixture();
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  it("shows what arrives in two browsers, and what is done in one in the other", async () => {
    await using here = await fixture.open({ users: ["alice"] });
    await using there = await fixture.open({ users: ["alice"] });
    await expectBell(here, 0);
    await notify(fixture.url, "alice", "Your order is on its way", { body: "It should arrive on Thursday." });
    await notify(fixture.url, "alice", "Your invoice", { actionUrl: "/invoices/7", priority: "URGENT" });
    for (const page of [here, there]) {
      await expectBell(page, 2);
      expect(await page.page.getByLabel("Unread", { exact: true }).innerText()).toBe("2");
      await page.bell.click();
      await expectTitles(page, ["Your invoice", "Your order is on its way"]);
    }
    await fixture.shoot(here, "desktop-light");

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
      expect(page.consoleProblems).toEqual([]);
    }
    await fixture.shoot(here, "desktop-empty");
  });

  it("marks what has no link as read by a click on it, and nothing by a click on its buttons or on text to select", async () => {
    await notify(fixture.url, "click", "With a link", { actionUrl: "/health/ready" });
    await notify(fixture.url, "click", "Without a link");
    await using inbox = await fixture.open({ users: ["click"], variant: "panel" });
    await inbox.item("Without a link").locator(".carillon-time").click();
    await eventually(async () => expect(await unreadTitles(inbox)).toEqual(["With a link"]));
    await inbox.item("With a link").locator(".carillon-time").click();
    await inbox.item("Without a link").locator(".carillon-time").click();
    expect(await unreadTitles(inbox)).toEqual(["With a link"]);
    await inbox.item("Without a link").hover();
    await inbox.page.getByRole("button", { name: "Mark as unread: Without a link" }).click();
    await eventually(async () =>
      expect(await unreadTitles(inbox)).toEqual(["Without a link", "With a link"]),
    );
  });

  it("asks before it clears without a change of its header, keeps its notices whole beside a long list, and separates all items", async () => {
    for (const n of upTo(30))
      await notify(fixture.url, "narrow", `Number ${n}`, { body: "A text.".repeat(n) });
    for (const theme of ["light", "dark"] as const) {
      const viewport = { width: 400, height: 700 };
      await using inbox = await fixture.open({ users: ["narrow"], theme, viewport });
      const { page } = inbox;
      await inbox.bell.click();
      await inbox.items.first().waitFor();
      const header = page.locator(".carillon-header");
      const before = (await header.boundingBox())?.height;
      await page.getByRole("button", { name: "Clear" }).click();
      expect((await header.boundingBox())?.height).toBe(before);
      const question = await page.locator(".carillon-question").boundingBox();
      // Two lines at most: the question, and its answers.
      expect(question?.height).toBeLessThan(75);
      await fixture.shoot(inbox, `narrow-question-${theme}`);
      await page.keyboard.press("Escape");
      expect(await focused(inbox)).toBe("Clear");
      await inbox.context.setOffline(true);
      await page.getByText("You are offline").waitFor();
      await eventually(async () => {
        const { scroll, height } = await page
          .locator(".carillon-notice")
          .evaluate(({ scrollHeight, clientHeight }) => ({ scroll: scrollHeight, height: clientHeight }));
        expect(height).toBe(scroll);
        expect(height).toBeGreaterThan(20);
      });
      const separated = await inbox.items.evaluateAll((items) =>
        items.map((item) => Number.parseFloat(getComputedStyle(item).borderTopWidth) > 0),
      );
      expect(separated.slice(1).every(Boolean)).toBe(true);
      expect((await inbox.audit()).violations).toEqual([]);
      await fixture.shoot(inbox, `narrow-offline-${theme}`);
    }
  });

  it("is used by keyboard alone, and keeps the focus where it was", async () => {
    for (const n of upTo(30))
      await notify(fixture.url, "keys", `Number ${n}`, { actionUrl: "/health/ready" });
    await using inbox = await fixture.open({ users: ["keys"] });
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
    expect(inbox.consoleProblems).toEqual([]);
  });

  it("tells screen readers what arrives, many at once as one", async () => {
    await using inbox = await fixture.open({ users: ["aloud"] });
    await expectBell(inbox, 0);
    const live = inbox.page.locator(".carillon-unseen[role=status]");
    await notifyMany(
      fixture.url,
      upTo(5).map((n) => ({ userId: "aloud", title: `${n}`, category: "test" })),
    );
    await eventually(async () => expect(await live.innerText()).toBe("5 new notifications"));
    await notify(fixture.url, "aloud", "And one");
    await eventually(async () => expect(await live.innerText()).toBe("New notification: And one"));
  });

  it("takes back what the server did not do, and says so", async () => {
    await notify(fixture.url, "undo", "Important");
    await using inbox = await fixture.open({ users: ["undo"] });
    await inbox.bell.click();
    await inbox.item("Important").hover();
    await inbox.page.route("**/graphql", (route) => route.abort());
    await inbox.page.getByRole("button", { name: "Delete: Important" }).click();
    await inbox.page.getByText("That could not be done. Nothing was changed.").waitFor();
    await expectTitles(inbox, ["Important"]);
    expect((await inbox.audit()).violations).toEqual([]);
    await fixture.shoot(inbox, "desktop-refused");
    await inbox.page.unroute("**/graphql");
    await inbox.page.getByRole("button", { name: "Dismiss" }).click();
    await inbox.page.getByRole("button", { name: "Delete: Important" }).click();
    await inbox.page.getByText("You are all caught up").waitFor();
  });

  it("says when it cannot load, and tries again", async () => {
    await notify(fixture.url, "later", "There");
    await using inbox = await fixture.open({ users: ["later"] });
    let isBroken = true;
    await inbox.page.route("**/graphql", (route) => (isBroken ? route.abort() : route.continue()));
    // Another user's inbox is read again: here the same user's, after a reload of the application.
    await inbox.page.evaluate(() => {
      document.body.innerHTML = `<div id="app"></div>`;
      mountInbox(["later"], { variant: "panel" });
    });
    await inbox.page.getByText("Your notifications could not be loaded.").waitFor();
    expect((await inbox.audit()).violations).toEqual([]);
    await fixture.shoot(inbox, "desktop-failed");
    await inbox.page.getByRole("button", { name: "Try again" }).hover();
    // It also tries again by itself, and the button would be gone before a click that came much later.
    isBroken = false;
    await inbox.page.mouse.down();
    await inbox.page.mouse.up();
    await expectTitles(inbox, ["There"]);
  });

  it("has everything once after it was offline, after a restart of the server, and after tokens expired", async () => {
    await using cluster = await openCluster();
    let instance = await cluster.start();
    const { port } = new URL(instance.url);
    await using inbox = await fixture.open({ users: ["away"], tokenLife: 3 }, instance.url);
    await inbox.bell.click();
    await notify(instance.url, "away", "before");
    await expectTitles(inbox, ["before"]);

    await inbox.context.setOffline(true);
    await notify(instance.url, "away", "while offline");
    await inbox.page.getByText("You are offline").waitFor();
    expect(await inbox.titles()).toEqual(["before"]);
    await fixture.shoot(inbox, "desktop-offline");
    await inbox.context.setOffline(false);
    await expectTitles(inbox, ["while offline", "before"]);

    await instance.stop("SIGTERM");
    await inbox.page.getByText("The connection is lost").waitFor();
    instance = await cluster.start({ PORT: port });
    await notify(instance.url, "away", "after the restart");
    await expectTitles(inbox, ["after the restart", "while offline", "before"]);

    const tokens = inbox.tokens();
    const sent = ["before", "while offline", "after the restart"];
    const writeAndLook = async (): Promise<boolean> => {
      sent.push(`token ${sent.length}`);
      await notify(instance.url, "away", sent.at(-1) ?? "");
      return inbox.tokens() >= tokens + 3;
    };
    await waitUntil("three more tokens", writeAndLook, { interval: 250 });
    const server = await inboxOf(instance.url, "away");
    await expectBell(inbox, server.unreadCount);
    await eventually(async () => expect(await inbox.page.evaluate(() => heard)).toEqual(sent));
    process.stdout.write(
      `away: offline and back, a restart, ${inbox.tokens()} tokens of 3 s: ${server.totalCount} notifications, each received once\n`,
    );
  });

  it("shows another user nothing of the former one", async () => {
    await notify(fixture.url, "first", "For the first");
    await notify(fixture.url, "second", "For the second");
    await using inbox = await fixture.open({ users: ["first", "second"], variant: "panel" });
    await expectTitles(inbox, ["For the first"]);
    await inbox.page.getByRole("button", { name: "Change user" }).click();
    await expectTitles(inbox, ["For the second"]);
    await notify(fixture.url, "first", "Still for the first");
    await notify(fixture.url, "second", "More for the second");
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
      await notify(fixture.url, "mallory", title, { actionUrl }).catch(() =>
        notify(fixture.url, "mallory", title),
      );
    }
    await using inbox = await fixture.open({ users: ["mallory"], variant: "panel" });
    await inbox.items.first().waitFor();
    const hrefs = await inbox.page
      .locator(".carillon-item a")
      .evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    expect(new Set(hrefs)).toEqual(new Set(["/path", "https://example.com/a"]));
    expect(await inbox.page.locator(".carillon-item img").count()).toBe(0);
    expect(await inbox.page.evaluate(() => heard)).toEqual([]);
  });

  async function expectBell(inbox: InboxPage, unread: number): Promise<void> {
    const name = unread === 0 ? "Notifications" : `Notifications, ${unread} unread`;
    await inbox.page.getByRole("button", { name, exact: true }).waitFor();
  }
});

async function expectTitles(inbox: InboxPage, titles: readonly string[]): Promise<void> {
  await eventually(async () => expect(await inbox.titles()).toEqual(titles));
}

async function unreadTitles({ page }: InboxPage): Promise<string[]> {
  return await page.locator('.carillon-item[data-unread="true"] .carillon-title').allInnerTexts();
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
  await eventually(async () => expect(await focused(inbox)).toBe(name));
}
