import { afterAll, beforeAll, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { InboxQuery } from "../../src/client/generated.js";
import type { TransportOptions } from "../../src/client/transport.js";
import { renewEpoch } from "../../src/server/database/epoch.js";
import { openPostgresDatabase } from "../../src/server/database/postgres-database.js";
import { createLog } from "../../src/server/telemetry/log.js";
import { createRandom } from "../faults/random.js";
import { startApp, type TestApp, token } from "../kit/app.js";
import { inboxOf, markRead, notify, notifyMany } from "../kit/backend.js";
import { upTo } from "../kit/items.js";
import { createDatabase } from "../services/database.js";
import { type CutProxy, openCutProxy } from "../services/cut-proxy.js";
import { waitUntil } from "../services/wait-until.js";

export type Inbox = InboxQuery["inbox"];

/** A GraphQL client whose cache is kept current, as an application has it. */
export interface LiveCache extends AsyncDisposable {
  /** What a component would show. */
  inbox(): Inbox | null;
  /** What a component would show that lists what is unread by a filter, once it was asked for. */
  unread(): Inbox["notifications"] | null;
  /** The types of the events that came, in order. */
  readonly events: readonly string[];
  status(): string;
  run(command: Command, ids: readonly string[]): Promise<void>;
  loadMore(): Promise<void>;
}

export const commands = ["markRead", "markUnread", "markAllRead", "delete", "clear"] as const;
export type Command = (typeof commands)[number];

export interface LiveOptions extends TransportOptions {
  readonly userId: string;
  readonly first: number;
}

type Open = (options: LiveOptions) => Promise<LiveCache>;

/** What every cache that is kept current does, whichever library keeps it. */
export function keepsItsInboxCurrent(openCache: Open): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app[Symbol.asyncDispose]());

  function open(
    userId: string,
    { first = 20, url = app.url, ...more }: Partial<LiveOptions> = {},
  ): Promise<LiveCache> {
    return openLive(openCache, { url, userId, first, ...more });
  }

  it("shows each event, whichever client sent the command", async () => {
    const one = await notify(app.url, "alice", "one");
    await using cache = await open("alice");
    await until(cache, { list: ["one*"], unread: 1, total: 1 });
    const two = await notify(app.url, "alice", "two");
    await until(cache, { list: ["two*", "one*"], unread: 2, total: 2 });
    await markRead(app.url, "alice", [one]);
    await until(cache, { list: ["two*", "one"], unread: 1, total: 2 });
    await cache.run("markUnread", [one]);
    await until(cache, { list: ["two*", "one*"], unread: 2, total: 2 });
    await cache.run("markAllRead", []);
    await until(cache, { list: ["two", "one"], unread: 0, total: 2 });
    await cache.run("delete", [two]);
    await until(cache, { list: ["one"], unread: 0, total: 1 });
    await notify(app.url, "alice", "three");
    await until(cache, { list: ["three*", "one"], unread: 1, total: 2 });
    await cache.run("clear", []);
    await until(cache, { list: [], unread: 0, total: 0 });
    await waitUntil("the last event", () => cache.events.length === 8);
    expect(cache.events).toEqual([
      "InboxReady",
      "NotificationCreated",
      "NotificationsRead",
      "NotificationsUnread",
      "AllNotificationsRead",
      "NotificationsDeleted",
      "NotificationCreated",
      "NotificationsCleared",
    ]);
  });

  it("shows at once what a command will do, and takes it back when it fails", async () => {
    const id = await notify(app.url, "bob", "one");
    await notify(app.url, "bob", "two");
    await using proxy = await openCutProxy(app.url);
    const before = { list: ["two*", "one*"], unread: 2, total: 2 };
    const expected = {
      markRead: { list: ["two*", "one"], unread: 1, total: 2 },
      markUnread: before,
      delete: { list: ["two*"], unread: 1, total: 1 },
      markAllRead: { list: ["two", "one"], unread: 0, total: 2 },
      clear: { list: [], unread: 0, total: 0 },
    };
    await using cache = await open("bob", { url: originOf(proxy) });
    await until(cache, before);
    for (const command of commands) {
      proxy.freeze();
      const running = cache.run(command, [id]);
      await until(cache, expected[command]);
      proxy.cut();
      await expect(running, command).rejects.toThrow();
      await until(cache, before);
      proxy.heal();
    }
  });

  it("adds older pages to the list, each once, though new ones come meanwhile", async () => {
    await fill(app.url, "carol", 45);
    await using cache = await open("carol");
    await waitUntil("the inbox", () => cache.inbox() !== null);
    expect(cache.inbox()).toMatchObject({
      totalCount: 45,
      notifications: { pageInfo: { hasNextPage: true } },
    });
    await Promise.all([cache.loadMore(), cache.loadMore(), notify(app.url, "carol", "new")]);
    await waitUntil("the second page", () => cache.inbox()?.notifications.nodes.length === 41);
    await cache.loadMore();
    await untilLikeServer(app.url, "carol", cache);
    expect(cache.inbox()?.notifications).toMatchObject({
      nodes: { length: 46 },
      pageInfo: { hasNextPage: false },
    });
  });

  it("reads lists with a filter again", async () => {
    await fill(app.url, "dave", 2);
    await using cache = await open("dave");
    await waitUntil("the list", () => cache.unread()?.nodes.length === 2);
    await notify(app.url, "dave", "new");
    await waitUntil("the new one", () => cache.unread()?.nodes.length === 3);
    await cache.run("markAllRead", []);
    await waitUntil("none to be unread", () => cache.unread()?.nodes.length === 0);
    await untilLikeServer(app.url, "dave", cache);
  });

  it("continues where its connection was cut, and asks for a new token each time one expires", async () => {
    await using proxy = await openCutProxy(app.url);
    let asked = 0;
    let lifetime = 2;
    await using cache = await open("erin", {
      url: originOf(proxy),
      token() {
        asked += 1;
        return token("erin", "", lifetime);
      },
    });
    await notify(app.url, "erin", "heard");
    const before = asked;
    await waitUntil("a new token", async () => {
      await notify(app.url, "erin", "heard, too");
      return asked > before;
    });
    // The one for requests has expired as well.
    await cache.run("markAllRead", []);
    lifetime = 3600;
    proxy.cut();
    await notify(app.url, "erin", "missed");
    proxy.heal();
    await notify(app.url, "erin", "live again");
    await untilLikeServer(app.url, "erin", cache);
    const created = cache.events.filter((type) => type === "NotificationCreated").length;
    expect(created).toBe((await inboxOf(app.url, "erin")).totalCount);
  });

  it("is the server's after a storm of commands from all sides, with cuts", async () => {
    const seed = Date.now() % 1_000_000;
    const random = createRandom(seed);
    await using proxy = await openCutProxy(app.url);
    await using near = await open("storm", { first: 5 });
    await using far = await open("storm", { url: originOf(proxy), first: 50 });
    await waitUntil("both", () => near.inbox() !== null && far.inbox() !== null);
    for (let step = 0; step < 200; step += 1) {
      const cache = random.pick([near, far]);
      const ids = (cache.inbox()?.notifications.nodes ?? [])
        .filter(() => random.chance(0.3))
        .map(({ id }) => id);
      const action = random.next();
      const doing =
        action < 0.4 || ids.length === 0
          ? notify(app.url, "storm", `${step}`)
          : action < 0.92
            ? cache.run(random.pick(action < 0.86 ? commands.slice(0, 4) : commands), ids.slice(0, 2))
            : cache.loadMore();
      const settled = doing.then(
        () => undefined,
        () => undefined,
      );
      if (random.chance(0.3)) await settled;
      if (random.chance(0.03)) proxy.cut();
      if (random.chance(0.1)) proxy.heal();
    }
    proxy.heal();
    await notify(app.url, "storm", "the end");
    for (const cache of [near, far]) await untilLikeServer(app.url, "storm", cache, `with the seed ${seed}`);
  });

  it("reads the inbox again when the events before it are purged", async () => {
    await using database = await createDatabase();
    await using restored = await startApp({ DATABASE_URL: database.url });
    await fill(restored.url, "frank", 25);
    await using proxy = await openCutProxy(restored.url);
    await using cache = await open("frank", { url: originOf(proxy) });
    await cache.loadMore();
    await waitUntil("the list", () => cache.inbox()?.notifications.nodes.length === 25);
    proxy.cut();
    await using own = await openPostgresDatabase(database.url, 1, createLog("silent"));
    await renewEpoch(own);
    await notify(restored.url, "frank", "new");
    proxy.heal();
    await untilLikeServer(restored.url, "frank", cache);
    expect(cache.inbox()?.notifications).toMatchObject({
      nodes: { length: 25 },
      pageInfo: { hasNextPage: true },
    });
    expect(cache.events.filter((type) => type === "InboxReset")).toHaveLength(1);
    await notify(restored.url, "frank", "live");
    await untilLikeServer(restored.url, "frank", cache);
  });
}

/** Opens a cache as a program in Node.js does, with short waits, and waits until it is live. */
async function openLive(
  openCache: Open,
  { url, userId, ...more }: Omit<LiveOptions, "token"> & Partial<LiveOptions>,
): Promise<LiveCache> {
  const cache = await openCache({
    url: new URL("/graphql", url).href,
    userId,
    token: () => token(userId),
    webSocket: WebSocket,
    retry: { first: 20, longest: 100 },
    ...more,
  });
  await waitUntil("the stream", () => cache.events.includes("InboxReady"), { timeout: 20_000, interval: 5 });
  return cache;
}

function originOf(proxy: CutProxy): string {
  return new URL(proxy.url).origin;
}

async function fill(url: string, userId: string, count: number): Promise<void> {
  await notifyMany(
    url,
    upTo(count).map((n) => ({ userId, title: `${n}`, category: "test" })),
  );
}

/** The titles, those that are unread with a star, and the counts. */
function brief(cache: LiveCache): object | null {
  const inbox = cache.inbox();
  if (inbox === null) return null;
  const list = inbox.notifications.nodes.map(({ title, readAt }) => (readAt === null ? `${title}*` : title));
  return { list, unread: inbox.unreadCount, total: inbox.totalCount };
}

async function until(cache: LiveCache, expected: object): Promise<void> {
  await waitUntil("the inbox", () => JSON.stringify(brief(cache)) === JSON.stringify(expected), {
    timeout: 10_000,
    interval: 5,
  }).catch(() => expect(brief(cache)).toEqual(expected));
}

/** Waits until a cache shows what the server has, as far as it is loaded. */
async function untilLikeServer(url: string, userId: string, cache: LiveCache, how = ""): Promise<void> {
  const { notifications, unreadCount, totalCount } = await inboxOf(url, userId);
  const rows = notifications.nodes.map(({ title, readAt }) => (readAt === null ? `${title}*` : title));
  const expected = (): object => {
    const count = cache.inbox()?.notifications.nodes.length ?? 0;
    return { list: rows.slice(0, Math.max(1, count)), unread: unreadCount, total: totalCount };
  };
  const matches = (): boolean =>
    JSON.stringify(brief(cache)) === JSON.stringify(expected()) &&
    (cache.inbox()?.notifications.nodes.length === totalCount ||
      cache.inbox()?.notifications.pageInfo.hasNextPage === true);
  await waitUntil(`the cache to be like the server ${how}`, matches, { timeout: 10_000, interval: 10 }).catch(
    (error: unknown) => {
      expect(brief(cache), how).toEqual(expected());
      throw error;
    },
  );
}
