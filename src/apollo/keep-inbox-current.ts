import type { ApolloClient } from "@apollo/client";
import type { NotificationEvent } from "../client/events.js";
import { Follower, type Head } from "../client/follower.js";
import { InboxDocument, InboxHeadFragmentDoc, NotificationEventsDocument } from "../client/generated.js";
import { keep } from "../client/keeper.js";
import { readInbox, registerFollower, showEvent } from "./cached-inbox.js";

export interface KeepOptions {
  readonly userId: string;
  /** How many notifications to read at first: 1 to 100, default 20. */
  readonly first?: number;
  /**
   * Called with each event, once the cache shows it: for a toast, a sound. After an InboxReset the inbox is read anew, and
   * what it contains then comes as no event.
   */
  readonly onEvent?: (event: NotificationEvent) => void;
  /** Called when something fails. It is tried again by itself. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Reads a user's inbox into the cache (the query `Inbox`) and keeps it current by the events that follow, so that every
 * component that shows it is live. Other lists of notifications, e.g. filtered ones, are read anew where they are shown.
 * The client needs `carillonTypePolicies`, and a link that resumes subscriptions, such as that of `createLink`.
 * @returns ends it
 */
export function keepInboxCurrent(client: ApolloClient, options: KeepOptions): () => void {
  const { userId } = options;
  const follower = new Follower();
  registerFollower(client.cache, userId, follower);

  async function read(): Promise<Head> {
    const loaded = readInbox(client.cache, userId)?.notifications.nodes.length ?? 0;
    const first = Math.min(100, Math.max(options.first ?? 20, loaded));
    const variables = { userId, first };
    await client.query({ query: InboxDocument, variables, fetchPolicy: "network-only" });
    const inbox = readInbox(client.cache, userId);
    if (inbox === undefined) throw new Error("The cache keeps no inbox: it needs carillonTypePolicies");
    return inbox;
  }

  /** Calls when an answer to anybody's query or mutation has put the past into the cache. */
  function watchForLateAnswers(onLate: () => void): { unsubscribe(): void } {
    const from = { __typename: "Inbox", userId } as const;
    return client.cache
      .watchFragment({ fragment: InboxHeadFragmentDoc, from, optimistic: false })
      .subscribe(({ data }) => {
        if (data.cursor !== undefined && follower.hasPassed(data.cursor)) onLate();
      });
  }

  return keep({
    read,
    follow(head, listener) {
      follower.begin(head);
      const watching = watchForLateAnswers(() => listener.late());
      const following = client
        // An event is news, and no thing that a cache would keep.
        .subscribe({
          query: NotificationEventsDocument,
          variables: { userId, after: head.cursor },
          fetchPolicy: "no-cache",
        })
        .subscribe({
          next({ data, error }) {
            if (data === undefined) {
              listener.error(error);
              return;
            }
            const event = data.notificationEvents;
            const taken = follower.take(event);
            if (taken === "repeat") return;
            if (taken === "unclear") listener.unclear();
            else {
              showEvent(client.cache, follower, event);
              listener.taken();
            }
            options.onEvent?.(event);
          },
          complete: () => listener.error(new Error("The subscription ended")),
        });
      return () => {
        watching.unsubscribe();
        following.unsubscribe();
      };
    },
    onError: (error) => options.onError?.(error),
  });
}
