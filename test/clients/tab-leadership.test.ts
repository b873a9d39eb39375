import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestApp } from "../kit/app.js";
import { inboxOf, notify } from "../kit/backend.js";
import { sequencesOf, upTo } from "../kit/items.js";
import { waitUntil } from "../services/wait-until.js";
import { readMetrics } from "../faults/metrics.js";
import { eventsOf, isShared, openTabClient, TabBrowser } from "./tab-browser.js";

describe("A tab that follows another", () => {
  let browser: TabBrowser;
  let app: TestApp;

  beforeAll(async () => {
    browser = await TabBrowser.start();
    app = browser.app;
  });
  afterAll(() => browser[Symbol.asyncDispose]());

  it("leads when the other is suspended, which continues as a follower when it resumes", async () => {
    const context = await browser.openContext();
    const first = await browser.openPage(context);
    await openClient(first, "alice");
    await untilLive(first);
    const second = await browser.openPage(context);
    await openClient(second, "alice");
    await untilLive(second);
    expect(await isShared(second)).toBe(true);

    // Its renderer is blocked: it holds the lock, and answers nobody.
    const held = first.evaluate(() => {
      const end = performance.now() + 6000;
      while (performance.now() < end);
    });
    await notify(app.url, "alice", "while it hangs");
    await waitUntil("the event", async () => (await sequences(second)).length === 1, { timeout: 5000 });
    expect(await isShared(second)).toBe(false);

    await held;
    await waitUntil("the first to follow", async () => isShared(first), { timeout: 10_000 });
    await untilLive(first);
    await notify(app.url, "alice", "afterwards");
    for (const page of [first, second]) {
      await waitUntil("both events", async () => (await sequences(page)).length >= 2);
      expect(await sequences(page)).toEqual([1, 2]);
    }
    await waitUntil("one connection", async () => (await readMetrics(app.url)).subscriptions === 1);
    await context.close();
  });

  it("repeats nothing when the first it is told is the event that it begins after", async () => {
    for (const n of upTo(3)) await notify(app.url, "bob", `${n}`);
    const { cursor } = await inboxOf(app.url, "bob");
    const context = await browser.openContext();
    const leader = await browser.openPage(context);
    await pretendToLead(leader, "bob");
    const page = await browser.openPage(context);
    await openClient(page, "bob", cursor);
    await waitUntil("the follower", async () => leader.evaluate(() => said.length > 0));
    await leader.evaluate((cursor) => {
      const common = { cursor, userId: "bob", occurredAt: new Date().toISOString(), unreadCount: 3 };
      tell({ __typename: "NotificationsDeleted", sequence: 3, notificationIds: [], ...common });
      tell({ __typename: "InboxReady", sequence: 3, ...common });
    }, cursor);
    await waitUntil("the mark", async () => (await page.evaluate(() => events.length)) > 0);
    expect(await sequences(page)).toEqual([]);
    await context.close();
  });

  it("connects by itself where it may not ask for the lock, as in a sandboxed frame", async () => {
    const context = await browser.openContext();
    // A sandboxed frame has an origin of its own, which the service would refuse; here it is let through to the socket.
    const page = await browser.openPage(context);
    const connected = page.waitForEvent("websocket");
    await page.evaluate(
      ({ script, url }) => {
        const frame = document.createElement("iframe");
        frame.setAttribute("sandbox", "allow-scripts");
        frame.srcdoc = `<script type="module">${script.replaceAll("</script", "<\\/script")};
          createClient({ url: "${url}/graphql", userId: "carol", token: () => "token" }).start();</script>`;
        document.body.append(frame);
      },
      { script: browser.script, url: app.url },
    );
    expect((await connected).url()).toBe(`${app.url.replace("http", "ws")}/graphql`);
    await context.close();
  });

  async function openClient(page: Page, userId: string, after?: string): Promise<void> {
    await openTabClient(page, { userId, after, heartbeat: { interval: 300, timeout: 300 } });
  }

  /** Holds the lock as a client does, and says to the others what the test says. */
  async function pretendToLead(page: Page, userId: string): Promise<void> {
    await page.evaluate(async (userId) => {
      const name = `carillon:${location.origin}/graphql:${userId}`;
      globalThis.said = [];
      const channel = new BroadcastChannel(name);
      const state = { status: "connecting", error: null, retryAt: null, shared: false };
      channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
        said.push(data);
        channel.postMessage({ kind: "state", state });
      });
      globalThis.tell = (event) => channel.postMessage({ kind: "event", event });
      await new Promise<void>((resolve) => {
        void navigator.locks.request(name, async () => {
          resolve();
          await new Promise(() => undefined);
        });
      });
    }, userId);
  }

  async function sequences(page: Page): Promise<number[]> {
    return sequencesOf(await eventsOf(page));
  }

  async function untilLive(page: Page): Promise<void> {
    const state = () => page.evaluate(() => client.connection.get().status);
    await waitUntil("a live stream", async () => (await state()) === "live", { timeout: 20_000 });
  }
});
