import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inboxOf, notify, notifyMany } from "../kit/backend.js";
import { eventually } from "../kit/eventually.js";
import { openCluster } from "../kit/cluster.js";
import { upTo } from "../kit/items.js";
import { waitUntil } from "../services/wait-until.js";
import type { InboxPage } from "./inbox-page.js";
import { openStage, type Stage } from "./stage.js";

describe("<Inbox/>", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  it("shows what arrives in two browsers, and what is done in one in the other", async () => {
    await using here = await stage.open({ users: ["alice"] });
    await using there = await stage.open({ users: ["alice"] });
    await expectBell(here, 0);
    await notify(stage.url, "alice", "Your order is on its way", { body: "It should arrive on Thursday." });
    await notify(stage.url, "alice", "Your invoice", { actionUrl: "/invoices/7", priority: "URGENT" });
    for (const page of [here, there]) {
      await expectBell(page, 2);
      expect(await page.page.getByLabel("Unread", { exact: true }).innerText()).toBe("2");
      await page.bell.click();
      await expectTitles(page, ["Your invoice", "Your order is on its way"]);
    }
    await stage.shoot(here, "desktop-light");

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
    await stage.shoot(here, "desktop-empty");
  });

  it("is used by keyboard alone, and keeps the focus where it was", async () => {
    for (const n of upTo(30)) await notify(stage.url, "keys", `Number ${n}`, { actionUrl: "/health/ready" });
    await using inbox = await stage.open({ users: ["keys"] });
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
    await using inbox = await stage.open({ users: ["aloud"] });
    await expectBell(inbox, 0);
    const live = inbox.page.locator(".carillon-unseen[role=status]");
    await notifyMany(
      stage.url,
      upTo(5).map((n) => ({ userId: "aloud", title: `${n}`, category: "test" })),
    );
    await eventually(async () => expect(await live.innerText()).toBe("5 new notifications"));
    await notify(stage.url, "aloud", "And one");
    await eventually(async () => expect(await live.innerText()).toBe("New notification: And one"));
  });

  it("takes back what the server did not do, and says so", async () => {
    await notify(stage.url, "undo", "Important");
    await using inbox = await stage.open({ users: ["undo"] });
    await inbox.bell.click();
    await inbox.item("Important").hover();
    await inbox.page.route("**/graphql", (route) => route.abort());
    await inbox.page.getByRole("button", { name: "Delete: Important" }).click();
    await inbox.page.getByText("That could not be done. Nothing was changed.").waitFor();
    await expectTitles(inbox, ["Important"]);
    expect((await inbox.audit()).violations).toEqual([]);
    await stage.shoot(inbox, "desktop-refused");
    await inbox.page.unroute("**/graphql");
    await inbox.page.getByRole("button", { name: "Dismiss" }).click();
    await inbox.page.getByRole("button", { name: "Delete: Important" }).click();
    await inbox.page.getByText("You are all caught up").waitFor();
  });

  it("says when it cannot load, and tries again", async () => {
    await notify(stage.url, "later", "There");
    await using inbox = await stage.open({ users: ["later"] });
    await inbox.page.route("**/graphql", (route) => route.abort());
    // Another user's inbox is read anew: here the same user's, after a reload of the application.
    await inbox.page.evaluate(() => {
      document.body.innerHTML = `<div id="app"></div>`;
      mountInbox(["later"], { variant: "panel" });
    });
    await inbox.page.getByText("Your notifications could not be loaded.").waitFor();
    expect((await inbox.audit()).violations).toEqual([]);
    await stage.shoot(inbox, "desktop-failed");
    await inbox.page.unroute("**/graphql");
    await inbox.page.getByRole("button", { name: "Try again" }).click();
    await expectTitles(inbox, ["There"]);
  });

  it("has everything once after it was offline, after a restart of the server, and after tokens expired", async () => {
    await using cluster = await openCluster();
    let instance = await cluster.start();
    const { port } = new URL(instance.url);
    await using inbox = await stage.open({ users: ["away"], tokenLife: 3 }, instance.url);
    await inbox.bell.click();
    await notify(instance.url, "away", "before");
    await expectTitles(inbox, ["before"]);

    await inbox.context.setOffline(true);
    await notify(instance.url, "away", "while offline");
    await inbox.page.getByText("You are offline").waitFor();
    expect(await inbox.titles()).toEqual(["before"]);
    await stage.shoot(inbox, "desktop-offline");
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
    await eventually(async () => expect(await inbox.page.evaluate(() => heard)).toEqual(sent));
    process.stdout.write(
      `away: offline and back, a restart, ${inbox.tokens()} tokens of 3 s: ${server.totalCount} notifications, each heard of once\n`,
    );
  });

  it("shows another user nothing of the former one", async () => {
    await notify(stage.url, "first", "For the first");
    await notify(stage.url, "second", "For the second");
    await using inbox = await stage.open({ users: ["first", "second"], variant: "panel" });
    await expectTitles(inbox, ["For the first"]);
    await inbox.page.getByRole("button", { name: "Change user" }).click();
    await expectTitles(inbox, ["For the second"]);
    await notify(stage.url, "first", "Still for the first");
    await notify(stage.url, "second", "More for the second");
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
      await notify(stage.url, "mallory", title, { actionUrl }).catch(() =>
        notify(stage.url, "mallory", title),
      );
    }
    await using inbox = await stage.open({ users: ["mallory"], variant: "panel" });
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
