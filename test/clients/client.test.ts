import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CarillonError,
  createClient,
  createInbox,
  createResumingClient,
  cursorStorage,
  InboxDocument,
  type NotificationEvent,
} from "../../src/client/index.js";
import { startApp, type TestApp, token } from "../kit/app.js";
import { notify } from "../kit/backend.js";
import { inWords, sequencesOf, titlesOf, upTo } from "../kit/items.js";
import { openCutProxy } from "../services/cut-proxy.js";
import { waitUntil } from "../services/wait-until.js";
import { WebSocket } from "ws";
import { openClient, untilStatus } from "./open-client.js";

describe("The client", () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app[Symbol.asyncDispose]());

  it("is idle until somebody asks for events, and then tells how it connects", async () => {
    await using client = openClient(app.url, "alice");
    const statuses = [client.connection.get().status];
    client.connection.subscribe(({ status }) => statuses.push(status));
    expect(statuses).toEqual(["idle"]);
    const titles: string[] = [];
    client.on("created", ({ notification }) => titles.push(notification.title));
    await untilStatus(client, "live");
    await notify(app.url, "alice", "Hello");
    await waitUntil("the event", () => titles.length === 1);
    client.dispose();
    expect(statuses).toEqual(["idle", "connecting", "catching-up", "live", "closed"]);
  });

  it("gives the events to those who iterate, until they stop or it is disposed of", async () => {
    await using client = openClient(app.url, "bob");
    const [first, second] = [client.events(), client.events()];
    await untilStatus(client, "live");
    await notify(app.url, "bob", "one");
    await notify(app.url, "bob", "two");
    const seen: string[] = [];
    for await (const event of first) {
      seen.push(inWords(event));
      if (event.sequence === 2) break;
    }
    expect(seen).toEqual(["InboxReady", "1 NotificationCreated 'one'", "2 NotificationCreated 'two'"]);
    client.dispose();
    const rest: NotificationEvent[] = [];
    for await (const event of second) rest.push(event);
    expect(rest.map(inWords)).toEqual(seen);
    expect(await client.events().next()).toEqual({ value: undefined, done: true });
  });

  it("may be taken apart", async () => {
    await using client = openClient(app.url, "dora");
    const { on, request, dispose } = client;
    const titles: string[] = [];
    on("created", ({ notification }) => titles.push(notification.title));
    await untilStatus(client, "live");
    const { markAllRead, get } = createInbox(client);
    await notify(app.url, "dora", "Hello");
    await waitUntil("the event", () => titles.length === 1 && get().unreadCount === 1);
    await markAllRead();
    expect((await request(InboxDocument, { userId: "dora", first: 1 })).inbox.unreadCount).toBe(0);
    dispose();
    expect(client.connection.get().status).toBe("closed");
  });

  it("continues where its connection was cut, and says meanwhile that it is offline", async () => {
    await using proxy = await openCutProxy(app.url);
    await using client = openClient(proxy.url, "carol");
    const events = collect(client);
    await untilStatus(client, "live");
    for (const round of upTo(5)) {
      proxy.cut();
      await untilStatus(client, "offline");
      const { error, retryAt } = client.connection.get();
      expect(error).toMatchObject({ code: "NETWORK" });
      expect(retryAt).toBeGreaterThan(Date.now() - 1000);
      await notify(app.url, "carol", `missed ${round}`);
      proxy.heal();
      await waitUntil("the missed event", () => titlesOf(events).length === round);
    }
    await untilStatus(client, "live");
    expect(sequencesOf(events)).toEqual(upTo(5));
  });

  it("finds out that a line is dead which nobody has closed", async () => {
    await using proxy = await openCutProxy(app.url);
    const heartbeat = { interval: 100, timeout: 300 };
    await using client = openClient(proxy.url, "dave", { heartbeat });
    const events = collect(client);
    const reasons: (string | undefined)[] = [];
    await untilStatus(client, "live");
    client.connection.subscribe(({ error }) => reasons.push(error?.message));
    proxy.freeze();
    await notify(app.url, "dave", "missed");
    await waitUntil("the end of the connection", () => reasons.length > 0);
    expect(reasons[0]).toBe("The connection is dead");
    proxy.cut();
    proxy.heal();
    await waitUntil("the missed event", () => titlesOf(events).length === 1);
    expect(sequencesOf(events)).toEqual([1]);
  });

  it("asks for another token when one has expired on a live connection, and misses nothing", async () => {
    const asked = { times: 0 };
    await using client = openClient(app.url, "erin", {
      token() {
        asked.times += 1;
        return token("erin", "", asked.times === 1 ? 2 : 3600);
      },
    });
    const events = collect(client);
    const errors: (string | undefined)[] = [];
    client.connection.subscribe(({ status, error }) => {
      if (status === "offline") errors.push(error?.code);
    });
    await untilStatus(client, "live");
    for (let sent = 1; asked.times < 2; sent += 1) {
      await notify(app.url, "erin", `${sent}`);
      await waitUntil("the event", () => titlesOf(events).length === sent);
    }
    await untilStatus(client, "live");
    expect(sequencesOf(events)).toEqual(upTo(titlesOf(events).length));
    expect(errors).toEqual(["TOKEN_EXPIRED"]);
  });

  it("asks for another token when one is refused, also for requests, and continues when it gets a valid one", async () => {
    let answer = (): Promise<string> => Promise.resolve("nonsense");
    await using client = openClient(app.url, "frank", { token: () => answer() });
    const events = collect(client);
    await waitUntil("the refusal", () => client.connection.get().error?.code === "UNAUTHENTICATED");
    await expect(client.request(InboxDocument, { userId: "frank" })).rejects.toMatchObject({
      code: "UNAUTHENTICATED",
    });
    answer = () => Promise.reject(new Error("the session is over"));
    await waitUntil("the callback's failure", () => client.connection.get().error?.code === "TOKEN");
    answer = () => token("frank");
    await untilStatus(client, "live");
    const { inbox } = await client.request(InboxDocument, { userId: "frank" });
    expect(inbox.cursor).toBe(events[0]?.cursor);
  });

  it("says what the server refuses", async () => {
    await using client = openClient(app.url, "grace");
    const refused = client.request(InboxDocument, { userId: "alice" });
    await expect(refused).rejects.toThrow(CarillonError);
    await expect(refused).rejects.toMatchObject({ code: "FORBIDDEN" });
    await using curious = openClient(app.url, "alice", { token: () => token("grace") });
    curious.start();
    await waitUntil("the refusal", () => curious.connection.get().error?.code === "FORBIDDEN");
    expect(() => createClient({ url: "graphql", userId: "x", token: () => "" })).toThrow(
      "url must be an absolute URL, or a path in a browser: graphql",
    );
  });

  it("continues from the cursor in a storage, although the page was closed", async () => {
    const kept = new Map<string, string>();
    const storage = cursorStorage({
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
    });
    {
      await using client = openClient(app.url, "heidi", { storage });
      client.start();
      await untilStatus(client, "live");
      await notify(app.url, "heidi", "seen");
      await waitUntil("the event", () => kept.size === 1);
    }
    await notify(app.url, "heidi", "missed");
    await using client = openClient(app.url, "heidi", { storage });
    const events = collect(client);
    await untilStatus(client, "live");
    expect(titlesOf(events).at(-1)).toBe("missed");
    expect(sequencesOf(events).at(-1)).toBe(2);
  });

  it("can be paused, and delivers the events of the pause when it continues", async () => {
    await using client = openClient(app.url, "ivan");
    const events = collect(client);
    await untilStatus(client, "live");
    client.pause();
    expect(client.connection.get()).toEqual({
      status: "offline",
      error: null,
      retryAt: null,
      shared: false,
    });
    for (const n of upTo(3)) await notify(app.url, "ivan", `${n}`);
    expect(titlesOf(events)).toEqual([]);
    client.resume();
    await waitUntil("the events", () => titlesOf(events).length === 3);
    expect(sequencesOf(events)).toEqual(upTo(3));
  });

  it("can be disposed of while it connects, and says when there is nothing to connect with", async () => {
    await using proxy = await openCutProxy(app.url);
    proxy.freeze();
    const client = openClient(proxy.url, "kim");
    client.start();
    const subscribed = createResumingClient({
      url: proxy.url.replace("http", "ws"),
      webSocketImpl: WebSocket,
    });
    const unsubscribe = subscribed.subscribe({ query: "{ __typename }" }, ignore);
    await waitUntil("both to connect", () => proxy.connections === 2);
    client.dispose();
    unsubscribe();
    await subscribed.dispose();
    subscribed.terminate();
    // An error that nobody catches would end the process, and does fail this test.
    proxy.cut();
    await waitUntil("the connections to be gone", () => proxy.connections === 0);
    const nothing = "There is no WebSocket here: pass the class of the package ws";
    expect(() => createResumingClient({ url: "ws://127.0.0.1", webSocketImpl: {} })).toThrow(nothing);
    expect(() => openClient(app.url, "kim", { webSocket: {} }).start()).toThrow(nothing);
  });

  it("refuses what is asked of it after its end", async () => {
    const client = openClient(app.url, "judy");
    client.dispose();
    client.dispose();
    client.start();
    client.resume();
    expect(client.connection.get().status).toBe("closed");
    await expect(client.request(InboxDocument, { userId: "judy" })).rejects.toMatchObject({
      code: "DISPOSED",
    });
  });
});

function collect(client: ReturnType<typeof openClient>): NotificationEvent[] {
  const events: NotificationEvent[] = [];
  client.listen((event) => events.push(event));
  client.start();
  return events;
}

const ignore = { next: () => undefined, error: () => undefined, complete: () => undefined };
