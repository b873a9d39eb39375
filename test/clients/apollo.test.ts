import { ApolloClient, InMemoryCache } from "@apollo/client";
import { describe } from "vitest";
import {
  carillonTypePolicies,
  clearNotifications,
  createLink,
  createTransport,
  deleteNotifications,
  keepInboxCurrent,
  markAllRead,
  markRead,
  markUnread,
} from "../../src/apollo/index.js";
import { InboxDocument } from "../../src/client/generated.js";
import { type Inbox, keepsItsInboxCurrent, type LiveCache, type LiveOptions } from "./cache-contract.js";
import { UnreadDocument } from "./unread-query.js";

describe("The cache of Apollo Client", () => {
  keepsItsInboxCurrent(openApollo);
});

async function openApollo({ userId, first, ...options }: LiveOptions): Promise<LiveCache> {
  const transport = createTransport(options);
  const client = new ApolloClient({
    cache: new InMemoryCache({ typePolicies: carillonTypePolicies }),
    link: createLink(transport),
  });
  const events: string[] = [];
  const stop = keepInboxCurrent(client, {
    userId,
    first,
    onEvent: ({ __typename }) => events.push(__typename),
  });
  const query = client.watchQuery({ query: InboxDocument, variables: { userId, first } });
  const unread = client.watchQuery({ query: UnreadDocument, variables: { userId } });
  const watching = [query, unread].map((observable) => observable.subscribe(() => undefined));

  function inbox(): Inbox | null {
    const { data, dataState } = query.getCurrentResult();
    return dataState === "complete" ? data.inbox : null;
  }

  return {
    inbox,
    unread() {
      const { data, dataState } = unread.getCurrentResult();
      return dataState === "complete" ? data.inbox.notifications : null;
    },
    events,
    status: () => transport.connection.get(),
    async run(command, ids) {
      const current = inbox();
      if (current === null) throw new Error("There is no inbox yet");
      switch (command) {
        case "markRead":
          return void (await client.mutate(markRead(current, ids)));
        case "markUnread":
          return void (await client.mutate(markUnread(current, ids)));
        case "markAllRead":
          return void (await client.mutate(markAllRead(current)));
        case "delete":
          return void (await client.mutate(deleteNotifications(current, ids)));
        case "clear":
          return void (await client.mutate(clearNotifications(current)));
      }
    },
    async loadMore() {
      const after = inbox()?.notifications.pageInfo.endCursor ?? null;
      if (after !== null) await query.fetchMore({ variables: { after, first: 20 } });
    },
    async [Symbol.asyncDispose]() {
      stop();
      for (const one of watching) one.unsubscribe();
      client.stop();
      await transport.dispose();
    },
  };
}
