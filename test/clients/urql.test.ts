import { cacheExchange, Client, fetchExchange, subscriptionExchange } from "urql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CreateNotificationDocument,
  InboxDocument,
  MarkNotificationsReadDocument,
  NotificationEventsDocument,
} from "../../src/client/generated.js";
import { createResumingClient } from "../../src/client/resuming.js";
import { backendToken, token } from "../kit/app.js";
import { notify } from "../kit/backend.js";
import { type Cluster, openCluster } from "../kit/cluster.js";
import type { Instance } from "../kit/instance.js";
import { inWords } from "../kit/items.js";
import { connectTo, type Received } from "../kit/subscriber.js";
import { openCutProxy } from "../services/cut-proxy.js";
import { waitUntil } from "../services/wait-until.js";

describe("urql", () => {
  let cluster: Cluster;
  let instance: Instance;

  beforeAll(async () => {
    cluster = await openCluster();
    instance = await cluster.start();
  });
  afterAll(async () => cluster[Symbol.asyncDispose]());

  it("reads the inbox, hears of what is new, and keeps what it shows by it", async () => {
    await notify(instance.url, "alice", "before");
    await using urql = await openUrql(instance.url, "alice");
    const variables = { userId: "alice", first: 20 };
    let shown: string[] = [];
    const watching = urql.client.query(InboxDocument, variables).subscribe(({ data }) => {
      shown =
        data?.inbox.notifications.nodes.map(({ title, readAt }) => title + (readAt ? " (read)" : "")) ?? [];
    });
    await until("the inbox", () => shown.length === 1);
    const inbox = await urql.client.query(InboxDocument, variables);
    const events = urql.events("alice", inbox.data?.inbox.cursor ?? null, () => {
      // The cache of documents knows nothing of events: what is shown is read anew.
      void urql.client.query(InboxDocument, variables, { requestPolicy: "network-only" }).toPromise();
    });
    await until("the stream", () => events.length === 1);

    const created = await urql.client.mutation(
      CreateNotificationDocument,
      { input: { userId: "alice", title: "after", category: "test" } },
      { fetchOptions: { headers: { authorization: `Bearer ${await backendToken()}` } } },
    );
    await until("the event", () => shown.length === 2);
    expect(shown).toEqual(["after", "before"]);

    const id = created.data?.createNotification.notification.id ?? "";
    await urql.client.mutation(MarkNotificationsReadDocument, { userId: "alice", ids: [id] });
    await until("the second event", () => shown[0] === "after (read)" && events.length === 3);
    expect(events.map(inWords)).toEqual([
      "InboxReady",
      "2 NotificationCreated 'after'",
      "3 NotificationsRead",
    ]);
    watching.unsubscribe();
  });

  it("goes on where its connection was cut, with nothing lost or repeated", async () => {
    await using proxy = await openCutProxy(instance.url);
    await using urql = await openUrql(new URL(proxy.url).origin, "bob");
    const events = urql.events("bob", null);
    await until("the stream", () => events.length === 1);
    await notify(instance.url, "bob", "heard");
    await until("the event", () => events.length === 2);

    proxy.cut();
    await notify(instance.url, "bob", "missed");
    proxy.heal();
    await until("the replay", () => events.length === 4);
    await notify(instance.url, "bob", "live again");
    await until("the live event", () => events.length === 5);
    expect(events.map(inWords)).toEqual([
      "InboxReady",
      "1 NotificationCreated 'heard'",
      "2 NotificationCreated 'missed'",
      "InboxReady",
      "3 NotificationCreated 'live again'",
    ]);
  });
});

interface Urql extends AsyncDisposable {
  readonly client: Client;
  /** Subscribes to a user's events, calls `onEvent` for each, and collects all. */
  events(userId: string, after: string | null, onEvent?: () => void): Received[];
}

/** urql as an application has it: HTTP for queries and mutations, a WebSocket for subscriptions. */
async function openUrql(url: string, userId: string): Promise<Urql> {
  const own = await token(userId);
  const socket = createResumingClient(connectTo(url, own));
  const client = new Client({
    url: `${url}/graphql`,
    fetchOptions: { headers: { authorization: `Bearer ${own}` } },
    preferGetMethod: false,
    exchanges: [
      cacheExchange,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = "", variables = {} }) => ({
          subscribe: (sink) => ({
            unsubscribe: socket.subscribe(
              { query, variables },
              {
                next: ({ data, errors = [] }) => sink.next({ data: data ?? null, errors: [...errors] }),
                error: (error) => sink.error(error),
                complete: () => sink.complete(),
              },
            ),
          }),
        }),
      }),
    ],
  });
  return {
    client,
    events(userId, after, onEvent = () => undefined) {
      const events: Received[] = [];
      client.subscription(NotificationEventsDocument, { userId, after }).subscribe(({ data }) => {
        if (data === undefined) return;
        events.push(data.notificationEvents);
        onEvent();
      });
      return events;
    },
    [Symbol.asyncDispose]: async () => socket.dispose(),
  };
}

async function until(what: string, check: () => boolean): Promise<void> {
  await waitUntil(what, check, { timeout: 20_000, interval: 5 });
}
