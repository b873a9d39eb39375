import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ConnectionState, ConnectionStatus } from "../../src/client/index.js";
import type { TestApp } from "../kit/app.js";
import { notify } from "../kit/backend.js";
import { sequencesOf, upTo } from "../kit/items.js";
import { waitUntil } from "../services/wait-until.js";
import { readMetrics } from "../faults/metrics.js";
import { eventsOf, isShared, openTabClient, TabBrowser } from "./tab-browser.js";

describe("Several tabs of a browser", () => {
  let browser: TabBrowser;
  let app: TestApp;

  beforeAll(async () => {
    browser = await TabBrowser.start();
    app = browser.app;
  });
  afterAll(() => browser[Symbol.asyncDispose]());

  it("share one connection, and each gets every event once and in order, whichever is closed", async () => {
    const context = await browser.openContext();
    const tabs = [await openTab(context, "alice"), await openTab(context, "alice")];
    tabs.push(await openTab(context, "alice"));
    await untilStatus(tabs, "live");
    expect((await readMetrics(app.url)).subscriptions).toBe(1);
    expect(await Promise.all(tabs.map(isShared))).toEqual([false, true, true]);
    expect(await tabs[0]?.evaluate(() => statuses)).toEqual(["connecting", "catching-up", "live"]);

    for (const n of upTo(3)) await notify(app.url, "alice", `${n}`);
    await untilEvents(tabs, upTo(3));

    // The one with the connection goes while events come: another continues in its place.
    const events = upTo(50).map((n) => notify(app.url, "alice", `while it goes ${n}`));
    await tabs[0]?.close();
    await Promise.all(events);
    const left = tabs.slice(1);
    await untilEvents(left, upTo(53));
    await untilStatus(left, "live");
    expect(await Promise.all(left.map(isShared))).toEqual([false, true]);
    expect((await readMetrics(app.url)).subscriptions).toBe(1);
    await context.close();
  });

  it("a tab that begins at an older cursor fetches what it lacks, and then shares", async () => {
    const context = await browser.openContext();
    const first = await openTab(context, "bob");
    await untilStatus([first], "live");
    for (const n of upTo(5)) await notify(app.url, "bob", `${n}`);
    await untilEvents([first], upTo(5));
    const cursor = (await eventsOf(first)).find(({ sequence }) => sequence === 2)?.cursor;

    const late = upTo(20).map((n) => notify(app.url, "bob", `late ${n}`));
    const second = await openTab(context, "bob", cursor);
    await Promise.all(late);
    await untilEvents([first], upTo(25));
    await untilEvents([second], upTo(25).slice(2));
    await untilStatus([first, second], "live");
    expect(await isShared(second)).toBe(true);
    await notify(app.url, "bob", "live");
    await untilEvents([second], upTo(26).slice(2));
    await waitUntil("its own connection to be closed", async () => {
      return (await readMetrics(app.url)).subscriptions === 1;
    });
    await context.close();
  });

  it("of different users share nothing", async () => {
    const context = await browser.openContext();
    const [carol, dave] = [await openTab(context, "carol"), await openTab(context, "dave")];
    await untilStatus([carol, dave], "live");
    await notify(app.url, "carol", "for carol");
    await untilEvents([carol], [1]);
    expect(sequencesOf(await eventsOf(dave))).toEqual([]);
    expect((await readMetrics(app.url)).subscriptions).toBe(2);
    await context.close();
  });

  it("hear nothing while they are offline, and everything once when they are back", async () => {
    const context = await browser.openContext();
    const tabs = [await openTab(context, "erin"), await openTab(context, "erin")];
    await untilStatus(tabs, "live");
    await context.setOffline(true);
    for (const n of upTo(3)) await notify(app.url, "erin", `${n}`);
    await untilStatus(tabs, "offline");
    expect(await Promise.all(tabs.map(async (tab) => sequencesOf(await eventsOf(tab))))).toEqual([[], []]);
    await context.setOffline(false);
    await untilEvents(tabs, upTo(3));
    await untilStatus(tabs, "live");
    await context.close();
  });

  async function openTab(context: BrowserContext, userId: string, after?: string): Promise<Page> {
    const page = await browser.openPage(context);
    await openTabClient(page, { userId, after, heartbeat: { interval: 500, timeout: 500 } });
    return page;
  }
});

/** Asked from outside: pages in the background paint nothing, and would not look themselves. */
async function untilStatus(tabs: readonly Page[], status: ConnectionStatus): Promise<void> {
  for (const tab of tabs) {
    const state = (): Promise<ConnectionState> => tab.evaluate(() => client.connection.get());
    await waitUntil(`the status ${status}`, async () => (await state()).status === status, {
      timeout: 10_000,
    }).catch(async () => expect(await state()).toBe(status));
  }
}

/** Waits until the tabs have had as many events, and expects them to be these. */
async function untilEvents(tabs: readonly Page[], sequences: readonly number[]): Promise<void> {
  for (const tab of tabs) {
    await waitUntil(
      `the events in tab ${tabs.indexOf(tab)}`,
      async () => sequencesOf(await eventsOf(tab)).length >= sequences.length,
      { timeout: 10_000 },
    ).catch(() => undefined);
    expect(sequencesOf(await eventsOf(tab))).toEqual(sequences);
  }
}
