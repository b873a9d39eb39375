import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { OperationTypeNode } from "graphql";
import { type Client, createClient } from "graphql-ws";
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

describe("Apollo Client", () => {
  let cluster: Cluster;
  let instance: Instance;

  beforeAll(async () => {
    cluster = await openCluster();
    instance = await cluster.start();
  });
  afterAll(async () => cluster[Symbol.asyncDispose]());

  it("reads the inbox, hears of what is new, and keeps its cache by it", async () => {
    await notify(instance.url, "alice", "before");
    await using apollo = await openApollo(instance.url, "alice", createResumingClient);
    const titles: string[][] = [];
    const inbox = apollo.client.watchQuery({
      query: InboxDocument,
      variables: { userId: "alice", first: 20 },
    });
    using _watching = disposable(
      inbox.subscribe(({ data, dataState }) => {
        if (dataState === "complete") titles.push(data.inbox.notifications.nodes.map(({ title }) => title));
      }),
    );
    await until("the inbox", () => titles.length === 1);
    const after = apollo.client.readQuery({
      query: InboxDocument,
      variables: { userId: "alice", first: 20 },
    });
    const events = apollo.events("alice", after?.inbox.cursor ?? null);
    await until("the stream", () => events.length === 1);

    const created = await apollo.client.mutate({
      mutation: CreateNotificationDocument,
      variables: { input: { userId: "alice", title: "after", category: "test" } },
      context: { headers: { authorization: `Bearer ${await backendToken()}` } },
    });
    await until("the event", () => titles.length === 2);
    expect(titles).toEqual([["before"], ["after", "before"]]);

    const id = created.data?.createNotification.notification.id ?? "";
    await apollo.client.mutate({
      mutation: MarkNotificationsReadDocument,
      variables: { userId: "alice", ids: [id] },
    });
    await until("the second event", () => events.length === 3);
    expect(events.map(inWords)).toEqual([
      "InboxReady",
      "2 NotificationCreated 'after'",
      "3 NotificationsRead",
    ]);
    const seen = inbox.getCurrentResult();
    expect(seen.data).toMatchObject({ inbox: { unreadCount: 1, totalCount: 2 } });
    expect(seen.data?.inbox?.notifications?.nodes?.map((node) => node?.readAt !== null)).toEqual([
      true,
      false,
    ]);
  });

  it("goes on where its connection was cut, with nothing lost or repeated", async () => {
    await using proxy = await openCutProxy(instance.url);
    await using apollo = await openApollo(new URL(proxy.url).origin, "bob", createResumingClient);
    const events = apollo.events("bob", null);
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

  it("with graphql-ws's own client begins again at its first cursor: what createResumingClient is for", async () => {
    await using proxy = await openCutProxy(instance.url);
    const retry = { shouldRetry: () => true, retryWait: async () => healed };
    let heal = (): void => undefined;
    const healed = new Promise<void>((resolve) => {
      heal = resolve;
    });
    const open: typeof createClient = (options) => createClient({ ...options, ...retry });
    await using apollo = await openApollo(new URL(proxy.url).origin, "carol", open);
    const { data } = await apollo.client.query({ query: InboxDocument, variables: { userId: "carol" } });
    const events = apollo.events("carol", data?.inbox.cursor ?? null);
    await until("the stream", () => events.length === 1);
    await notify(instance.url, "carol", "heard");
    await until("the event", () => events.length === 2);

    proxy.cut();
    proxy.heal();
    heal();
    await until("the replay", () => events.length === 4);
    expect(events.map(inWords)).toEqual([
      "InboxReady",
      "1 NotificationCreated 'heard'",
      "1 NotificationCreated 'heard'",
      "InboxReady",
    ]);
  });
});

interface Apollo extends AsyncDisposable {
  readonly client: ApolloClient;
  /** Subscribes to a user's events, puts what is new into the cache, and collects all. */
  events(userId: string, after: string | null): Received[];
}

/** Apollo Client as an application has it: HTTP for queries and mutations, a WebSocket for subscriptions. */
async function openApollo(
  url: string,
  userId: string,
  openSocket: (options: ReturnType<typeof connectTo>) => Client,
): Promise<Apollo> {
  const own = await token(userId);
  const socket = openSocket(connectTo(url, own));
  const client = new ApolloClient({
    cache: new InMemoryCache({
      // An inbox has no id: there is one for each user.
      typePolicies: { Inbox: { keyFields: ["userId"] } },
    }),
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(socket),
      new HttpLink({ uri: `${url}/graphql`, headers: { authorization: `Bearer ${own}` } }),
    ),
  });
  return {
    client,
    events(userId, after) {
      const events: Received[] = [];
      client
        // An event is news, and no thing that a cache would keep.
        .subscribe({
          query: NotificationEventsDocument,
          variables: { userId, after },
          fetchPolicy: "no-cache",
        })
        .subscribe(({ data }) => {
          if (data === undefined || data === null) return;
          events.push(data.notificationEvents);
          putIntoCache(client, data.notificationEvents);
        });
      return events;
    },
    async [Symbol.asyncDispose]() {
      client.stop();
      await socket.dispose();
    },
  };
}

function putIntoCache(client: ApolloClient, event: Received): void {
  const variables = { userId: event.userId, first: 20 };
  client.cache.updateQuery({ query: InboxDocument, variables }, (data) => {
    if (data === null) return undefined;
    const inbox = { ...data.inbox, unreadCount: event.unreadCount, cursor: event.cursor };
    if (event.__typename === "NotificationCreated") {
      const nodes = [event.notification, ...inbox.notifications.nodes];
      inbox.notifications = { ...inbox.notifications, nodes };
      inbox.totalCount += 1;
    }
    return { ...data, inbox };
  });
}

function disposable(subscription: { unsubscribe(): void }): Disposable {
  return { [Symbol.dispose]: () => subscription.unsubscribe() };
}

async function until(what: string, check: () => boolean): Promise<void> {
  await waitUntil(what, check, { timeout: 20_000, interval: 5 });
}
