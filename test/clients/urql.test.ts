import { cacheExchange as graphcache } from "@urql/exchange-graphcache";
import { cacheExchange, Client, type Exchange, fetchExchange, subscriptionExchange } from "@urql/core";
import { describe, it } from "vitest";
import { WebSocket } from "ws";
import {
  ClearNotificationsDocument,
  DeleteNotificationsDocument,
  InboxDocument,
  type InboxQuery,
  MarkAllNotificationsReadDocument,
  MarkNotificationsReadDocument,
  MarkNotificationsUnreadDocument,
} from "../../src/client/generated.js";
import {
  createTransport,
  forwardSubscription,
  graphcacheOptions,
  keepInboxCurrent,
} from "../../src/urql/index.js";
import { startApp, token } from "../kit/app.js";
import { notify } from "../kit/backend.js";
import { waitUntil } from "../services/wait-until.js";
import { keepsItsInboxCurrent, type LiveCache, type LiveOptions } from "./cache-contract.js";
import { UnreadDocument } from "./unread-query.js";

describe("Graphcache of urql", () => {
  keepsItsInboxCurrent((options) => openUrql(options, graphcache(graphcacheOptions())));
});

it("The document cache of urql shows what is there when the inbox is read with each event", async () => {
  await using app = await startApp();
  const transport = createTransport({
    url: `${app.url}/graphql`,
    token: () => token("alice"),
    webSocket: WebSocket,
  });
  const client = new Client({
    url: transport.url,
    fetch: transport.fetch,
    preferGetMethod: false,
    exchanges: [
      cacheExchange,
      fetchExchange,
      subscriptionExchange({ forwardSubscription: forwardSubscription(transport) }),
    ],
  });
  const variables = { userId: "alice" };
  const shown: string[] = [];
  const watching = client.query(InboxDocument, variables).subscribe(({ data }) => {
    const titles = data?.inbox.notifications.nodes.map(({ title, readAt }) => title + (readAt ? "" : "*"));
    shown.push(titles?.join(" ") ?? "");
  });
  const stop = keepInboxCurrent(client, {
    ...variables,
    onEvent() {
      void client.query(InboxDocument, variables, { requestPolicy: "network-only" }).toPromise();
    },
  });
  const id = await notify(app.url, "alice", "one");
  await notify(app.url, "alice", "two");
  await waitUntil("both", () => shown.at(-1) === "two* one*");
  await client.mutation(MarkNotificationsReadDocument, { ...variables, ids: [id] }).toPromise();
  await waitUntil("one to be read", () => shown.at(-1) === "two* one");
  stop();
  watching.unsubscribe();
  await transport.dispose();
});

async function openUrql({ userId, first, ...options }: LiveOptions, cache: Exchange): Promise<LiveCache> {
  const transport = createTransport(options);
  const client = new Client({
    url: transport.url,
    fetch: transport.fetch,
    preferGetMethod: false,
    exchanges: [
      cache,
      fetchExchange,
      subscriptionExchange({ forwardSubscription: forwardSubscription(transport) }),
    ],
  });
  const events: string[] = [];
  const stop = keepInboxCurrent(client, {
    userId,
    first,
    onEvent: ({ __typename }) => events.push(__typename),
  });
  const shown: { inbox: InboxQuery["inbox"] | null; unread: InboxQuery["inbox"] | null } = {
    inbox: null,
    unread: null,
  };
  const watching = [
    client.query(InboxDocument, { userId, first }).subscribe(({ data }) => {
      shown.inbox = data?.inbox ?? null;
    }),
    client.query(UnreadDocument, { userId }).subscribe(({ data }) => {
      shown.unread = data?.inbox ?? null;
    }),
  ];

  function send(command: Parameters<LiveCache["run"]>[0], ids: string[]) {
    const upTo = shown.inbox?.cursor ?? null;
    switch (command) {
      case "markRead":
        return client.mutation(MarkNotificationsReadDocument, { userId, ids });
      case "markUnread":
        return client.mutation(MarkNotificationsUnreadDocument, { userId, ids });
      case "markAllRead":
        return client.mutation(MarkAllNotificationsReadDocument, { userId, upTo });
      case "delete":
        return client.mutation(DeleteNotificationsDocument, { userId, ids });
      case "clear":
        return client.mutation(ClearNotificationsDocument, { userId, upTo });
    }
  }

  return {
    inbox: () => shown.inbox,
    unread: () => shown.unread?.notifications ?? null,
    events,
    status: () => transport.connection.get(),
    async run(command, ids) {
      const { error } = await send(command, [...ids]).toPromise();
      if (error !== undefined) throw error;
    },
    async loadMore() {
      const after = shown.inbox?.notifications.pageInfo.endCursor ?? null;
      if (after === null) return;
      await client
        .query(InboxDocument, { userId, first: 20, after }, { requestPolicy: "network-only" })
        .toPromise();
    },
    async [Symbol.asyncDispose]() {
      stop();
      for (const one of watching) one.unsubscribe();
      await transport.dispose();
    },
  };
}
