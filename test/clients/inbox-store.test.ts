import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type CarillonClient,
  ClearNotificationsDocument,
  createInbox,
  type InboxStore,
  MarkAllNotificationsReadDocument,
} from "../../src/client/index.js";
import { startApp, type TestApp } from "../kit/app.js";
import { inboxOf, markRead, notify, notifyMany } from "../kit/backend.js";
import { upTo } from "../kit/items.js";
import { openCutProxy } from "../services/cut-proxy.js";
import { waitUntil } from "../services/wait-until.js";
import { createRandom } from "../faults/random.js";
import { openClient, untilStatus } from "./open-client.js";

describe("The inbox", () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app[Symbol.asyncDispose]());

  it("begins with the notifications that exist, and continues with new events", async () => {
    await notify(app.url, "alice", "before");
    await using opened = await open(app.url, "alice");
    const { inbox } = opened;
    expect(brief(inbox)).toEqual({ list: ["before*"], unread: 1, total: 1 });

    const id = await notify(app.url, "alice", "after");
    await until(inbox, { list: ["after*", "before*"], unread: 2, total: 2 });
    await markRead(app.url, "alice", [id]);
    await until(inbox, { list: ["after", "before*"], unread: 1, total: 2 });
    await inbox.markUnread([id]);
    await until(inbox, { list: ["after*", "before*"], unread: 2, total: 2 });
    await inbox.markAllRead();
    await until(inbox, { list: ["after", "before"], unread: 0, total: 2 });
    await inbox.delete([id]);
    await until(inbox, { list: ["before"], unread: 0, total: 1 });
    await notify(app.url, "alice", "last");
    await until(inbox, { list: ["last*", "before"], unread: 1, total: 2 });
    await inbox.clear();
    await until(inbox, { list: [], unread: 0, total: 0 });
  });

  it("shows at once what a command will do, and takes it back when it fails", async () => {
    const id = await notify(app.url, "bob", "one");
    await notify(app.url, "bob", "two");
    await using proxy = await openCutProxy(app.url);
    await using opened = await open(proxy.url, "bob");
    const { inbox } = opened;
    const before = brief(inbox);
    expect(before).toEqual({ list: ["two*", "one*"], unread: 2, total: 2 });

    proxy.freeze();
    const commands = [
      [inbox.markRead([id]), { list: ["two*", "one"], unread: 1, total: 2 }],
      [inbox.delete([id]), { list: ["two*"], unread: 1, total: 1 }],
      [inbox.markAllRead(), { list: ["two"], unread: 0, total: 1 }],
      [inbox.clear(), { list: [], unread: 0, total: 0 }],
    ] as const;
    // They were all given at once: what shows is what all of them do.
    expect(brief(inbox)).toEqual(commands.at(-1)?.[1]);
    proxy.cut();
    for (const [done] of commands) await expect(done).rejects.toMatchObject({ code: "NETWORK" });
    expect(brief(inbox)).toEqual(before);
    proxy.heal();
    const marking = inbox.markRead([id]);
    expect(brief(inbox)).toEqual({ list: ["two*", "one"], unread: 1, total: 2 });
    await marking;
    await until(inbox, { list: ["two*", "one"], unread: 1, total: 2 });
  });

  it("keeps showing what was done while its events cannot come", async () => {
    const id = await notify(app.url, "carol", "one");
    await using opened = await open(app.url, "carol");
    const { client, inbox } = opened;
    client.pause();
    await inbox.markRead([id]);
    await notify(app.url, "carol", "two");
    expect(brief(inbox)).toEqual({ list: ["one"], unread: 0, total: 1 });
    client.resume();
    await until(inbox, { list: ["two*", "one"], unread: 1, total: 2 });
  });

  it("leaves unread what came while somebody marked all as read", async () => {
    await notify(app.url, "dave", "seen");
    await using opened = await open(app.url, "dave");
    const { client, inbox } = opened;
    client.pause();
    await notify(app.url, "dave", "not seen");
    await inbox.markAllRead();
    expect(brief(inbox)).toEqual({ list: ["seen"], unread: 0, total: 1 });
    client.resume();
    await until(inbox, { list: ["not seen*", "seen"], unread: 1, total: 2 });
  });

  it("reads itself again when another client's command changes only a part of what it read", async () => {
    await notify(app.url, "kim", "one");
    const { cursor: upTo } = await inboxOf(app.url, "kim");
    await notify(app.url, "kim", "two");
    await using opened = await open(app.url, "kim");
    const { client, inbox } = opened;
    await client.request(MarkAllNotificationsReadDocument, { userId: "kim", upTo });
    await until(inbox, { list: ["two*", "one"], unread: 1, total: 2 });
    await client.request(ClearNotificationsDocument, { userId: "kim", upTo });
    await until(inbox, { list: ["two*"], unread: 1, total: 1 });
  });

  it("loads what is older a page at a time, right though it changes meanwhile", async () => {
    await notifyMany(
      app.url,
      upTo(70).map((n) => ({ userId: "erin", title: `${n}`, category: "test" })),
    );
    await using opened = await open(app.url, "erin", 20);
    const { inbox } = opened;
    expect(inbox.get()).toMatchObject({ hasMore: true, totalCount: 70, loadingMore: false });
    const oldest = (await inboxOf(app.url, "erin")).notifications.nodes.at(-1)?.id ?? "";
    for (const page of upTo(3)) {
      const loading = inbox.loadMore();
      expect(inbox.get().loadingMore).toBe(true);
      await Promise.all([
        loading,
        inbox.loadMore(),
        notify(app.url, "erin", `new ${page}`),
        page === 3 ? markRead(app.url, "erin", [oldest]) : undefined,
      ]);
    }
    expect(inbox.get()).toMatchObject({ hasMore: false, loadingMore: false });
    await inbox.loadMore();
    await untilLikeServer(app.url, "erin", [inbox]);
    expect(inbox.get().notifications).toHaveLength(73);
  });

  it("reads itself again when the events before it are purged", async () => {
    await notify(app.url, "frank", "one");
    await using client = openClient(app.url, "frank", { after: "of another epoch" });
    const resets: number[] = [];
    client.on("reset", ({ sequence }) => resets.push(sequence));
    using inbox = createInbox(client);
    await untilStatus(client, "live");
    await until(inbox, { list: ["one*"], unread: 1, total: 1 });
    await notify(app.url, "frank", "two");
    await until(inbox, { list: ["two*", "one*"], unread: 2, total: 2 });
    expect(resets).toEqual([1]);
  });

  it("waits for a server that is away, says so, and comes by itself", async () => {
    await notify(app.url, "grace", "one");
    await using proxy = await openCutProxy(app.url);
    proxy.cut();
    await using client = openClient(proxy.url, "grace");
    using inbox = createInbox(client);
    await waitUntil("the failure", () => inbox.get().status === "failed");
    expect(inbox.get().error).toMatchObject({ code: "NETWORK" });
    await expect(inbox.refresh()).rejects.toMatchObject({ code: "NETWORK" });
    proxy.heal();
    await until(inbox, { list: ["one*"], unread: 1, total: 1 });
    expect(inbox.get()).toMatchObject({ status: "ready", error: null });
  });

  it("is right beside listeners that began the stream before it", async () => {
    await notify(app.url, "heidi", "one");
    await using client = openClient(app.url, "heidi");
    const ids: string[] = [];
    client.on("created", ({ notification }) => ids.push(notification.id));
    using early = createInbox(client);
    await notify(app.url, "heidi", "two");
    await until(early, { list: ["two*", "one*"], unread: 2, total: 2 });
    await untilStatus(client, "live");
    const changes = upTo(5).map((n) => notify(app.url, "heidi", `more ${n}`));
    using late = createInbox(client);
    await Promise.all(changes);
    await untilLikeServer(app.url, "heidi", [early, late]);
  });

  it("is the server's after a storm of commands from all sides, cuts and resets", async () => {
    const seed = Date.now() % 1_000_000;
    const random = createRandom(seed);
    await using proxy = await openCutProxy(app.url);
    await using first = await open(proxy.url, "storm", 5);
    await using second = await open(proxy.url, "storm", 50);
    await using third = await open(app.url, "storm", 7);
    const stores = [first.inbox, second.inbox, third.inbox];
    const commands: Promise<unknown>[] = [];
    for (let step = 0; step < 300; step += 1) {
      const inbox = random.pick(stores);
      const ids = inbox
        .get()
        .notifications.filter(() => random.chance(0.3))
        .map(({ id }) => id);
      const action = random.next();
      const doing =
        action < 0.4
          ? notify(app.url, "storm", `${step}`)
          : action < 0.55 && ids.length > 0
            ? inbox.markRead(ids)
            : action < 0.65 && ids.length > 0
              ? inbox.markUnread(ids)
              : action < 0.75 && ids.length > 0
                ? inbox.delete(ids.slice(0, 2))
                : action < 0.82
                  ? inbox.markAllRead()
                  : action < 0.84
                    ? inbox.clear()
                    : action < 0.94
                      ? inbox.loadMore()
                      : inbox.refresh();
      const settled = doing.then(
        () => null,
        (error: unknown) => expect(error).toMatchObject({ code: "NETWORK" }),
      );
      commands.push(settled);
      if (random.chance(0.3)) await settled;
      if (random.chance(0.03)) proxy.cut();
      if (random.chance(0.1)) proxy.heal();
    }
    proxy.heal();
    await Promise.all(commands);
    for (const { client } of [first, second, third]) await untilStatus(client, "live");
    await notify(app.url, "storm", "the end");
    await untilLikeServer(app.url, "storm", stores, `with the seed ${seed}`);
  });
});

interface Opened extends AsyncDisposable {
  readonly client: CarillonClient;
  readonly inbox: InboxStore;
}

/** Opens an inbox and waits until it is there and live. */
async function open(url: string, userId: string, pageSize = 20): Promise<Opened> {
  const client = openClient(url, userId);
  const inbox = createInbox(client, { pageSize });
  await waitUntil("the inbox", () => inbox.get().status === "ready");
  await untilStatus(client, "live");
  return {
    client,
    inbox,
    async [Symbol.asyncDispose]() {
      inbox.dispose();
      client.dispose();
    },
  };
}

interface Brief {
  /** The titles, those that are unread with a star. */
  readonly list: readonly string[];
  readonly unread: number;
  readonly total: number;
}

function brief(inbox: InboxStore): Brief {
  const { notifications, unreadCount, totalCount } = inbox.get();
  const list = notifications.map(({ title, readAt }) => (readAt === null ? `${title}*` : title));
  return { list, unread: unreadCount, total: totalCount };
}

async function until(inbox: InboxStore, expected: Brief): Promise<void> {
  try {
    await waitUntil("the inbox", () => JSON.stringify(brief(inbox)) === JSON.stringify(expected), {
      timeout: 10_000,
      interval: 5,
    });
  } catch {
    expect(brief(inbox)).toEqual(expected);
  }
}

/** Waits until inboxes show what the server has, as far as they are loaded. */
async function untilLikeServer(
  url: string,
  userId: string,
  inboxes: readonly InboxStore[],
  how = "",
): Promise<void> {
  const { notifications, unreadCount, totalCount } = await inboxOf(url, userId);
  const rows = notifications.nodes.map(({ id, title, readAt }) => ({ id, title, readAt }));
  for (const [index, inbox] of inboxes.entries()) {
    const matches = (): boolean => {
      const { notifications: shown, unreadCount: unread, totalCount: total } = inbox.get();
      const own = shown.map(({ id, title, readAt }) => ({ id, title, readAt }));
      return (
        unread === unreadCount &&
        total === totalCount &&
        JSON.stringify(own) === JSON.stringify(rows.slice(0, own.length)) &&
        (own.length === total || inbox.get().hasMore)
      );
    };
    await waitUntil(`inbox ${index} to be like the server's ${how}`, matches, {
      timeout: 10_000,
      interval: 10,
    }).catch(() => {
      const { notifications: shown, ...counts } = inbox.get();
      expect({ ...counts, list: shown.map(({ title, readAt }) => [title, readAt]) }, how).toEqual({
        unreadCount,
        totalCount,
        list: rows.slice(0, shown.length).map(({ title, readAt }) => [title, readAt]),
      });
    });
  }
}
