import { print } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  NotificationEventsDocument,
  type NotificationEventsSubscription,
} from "../../src/client/generated.js";
import { createResumingClient } from "../../src/client/connection/resuming-client.js";
import { startApp, type TestApp } from "../kit/app.js";
import { notify } from "../kit/backend.js";
import { inWords } from "../kit/items.js";
import { connectTo, follow, type Received } from "../kit/subscriber.js";
import { openCutProxy } from "../services/cut-proxy.js";

describe("a resuming client", () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(async () => app[Symbol.asyncDispose]());

  it("begins although its first connections are refused", async () => {
    await using proxy = await openCutProxy(app.url);
    proxy.cut();
    const options = connectTo(new URL(proxy.url).origin, await app.token("alice"));
    let refused = 0;
    const client = createResumingClient({
      ...options,
      on: {
        error: () => {
          refused += 1;
          if (refused === 2) proxy.heal();
        },
      },
    });
    await using tab = follow(client, { userId: "alice" });
    await tab.until(1, "InboxReady");
    expect(refused).toBe(2);
  });

  it("can be disposed of while nobody lets it in", async () => {
    await using proxy = await openCutProxy(app.url);
    proxy.cut();
    const options = connectTo(new URL(proxy.url).origin, await app.token("alice"));
    const client = createResumingClient(options);
    follow(client, { userId: "alice" });
    await client.dispose();
  });

  it("keeps each of its subscriptions where it was, however often it is cut", async () => {
    await using proxy = await openCutProxy(app.url);
    const variables = { userId: "bob" };
    const client = createResumingClient(connectTo(new URL(proxy.url).origin, await app.token("bob")));
    await using early = follow(client, variables);
    await early.until(1, "InboxReady");
    await notify(app.url, "bob", "one");
    await early.until(2);
    await using late = follow(client, variables);
    await late.until(1, "InboxReady");
    for (const title of ["two", "three"]) {
      const before = late.received.length;
      proxy.cut();
      await notify(app.url, "bob", title);
      proxy.heal();
      await Promise.all([early.until(before + 3), late.until(before + 2)]);
    }
    const afterFirst = [
      "2 NotificationCreated 'two'",
      "InboxReady",
      "3 NotificationCreated 'three'",
      "InboxReady",
    ];
    expect(early.received.map(inWords)).toEqual(["InboxReady", "1 NotificationCreated 'one'", ...afterFirst]);
    expect(late.received.map(inWords)).toEqual(["InboxReady", ...afterFirst]);
    expect(variables).toEqual({ userId: "bob" });
  });

  it("can be iterated, resumes all the same, and leaves when the loop does", async () => {
    await using proxy = await openCutProxy(app.url);
    const client = createResumingClient(connectTo(new URL(proxy.url).origin, await app.token("carol")));
    const closed = new Promise((resolve) => client.on("closed", resolve));
    const query = print(NotificationEventsDocument);
    const seen: Received[] = [];
    const results = client.iterate<NotificationEventsSubscription>({ query, variables: { userId: "carol" } });
    for await (const { data } of results) {
      if (data === null || data === undefined) break;
      seen.push(data.notificationEvents);
      if (seen.length === 1) await notify(app.url, "carol", "one");
      if (seen.length === 2) {
        proxy.cut();
        await notify(app.url, "carol", "two");
        proxy.heal();
      }
      if (seen.length === 4) break;
    }
    expect(seen.map(inWords)).toEqual([
      "InboxReady",
      "1 NotificationCreated 'one'",
      "2 NotificationCreated 'two'",
      "InboxReady",
    ]);
    await closed;
  });

  it("asks for another token when one is refused, and comes back with it", async () => {
    const tokens = ["refused", "refused again", await app.token("dave")];
    const { connectionParams: _fixed, ...options } = connectTo(app.url, "");
    const client = createResumingClient({
      ...options,
      connectionParams: () => ({ authorization: `Bearer ${tokens.shift() ?? ""}` }),
      retry: { first: 20, longest: 100 },
    });
    await using tab = follow(client, { userId: "dave" });
    await tab.until(1, "InboxReady");
    expect(tokens).toEqual([]);
  });

  it("detects by its pings that a connection is dead, and continues with another", async () => {
    await using proxy = await openCutProxy(app.url);
    const options = connectTo(new URL(proxy.url).origin, await app.token("erin"));
    let connected = 0;
    const client = createResumingClient({
      ...options,
      heartbeat: { interval: 50, timeout: 50 },
      retry: { first: 20, longest: 100 },
      on: { connected: () => void (connected += 1), closed: () => proxy.heal() },
    });
    await using tab = follow(client, { userId: "erin" });
    await tab.until(1, "InboxReady");
    proxy.freeze();
    await notify(app.url, "erin", "missed");
    await tab.until(1, "NotificationCreated");
    await tab.until(2, "InboxReady");
    expect(tab.received.map(inWords)).toEqual(["InboxReady", "1 NotificationCreated 'missed'", "InboxReady"]);
    expect(connected).toBe(2);
  });

  it("does not come back with a token that is not accepted", async () => {
    await using tab = follow(createResumingClient(connectTo(app.url, "no token")), { userId: "alice" });
    expect(await tab.ended).toMatchObject({ code: 4401 });
  });
});
