import type { ApolloClient } from "@apollo/client";
import {
  CacheProjection,
  type NotificationEvent,
  type RetryOptions,
  type Snapshot,
  startSyncLoop,
} from "@carillon/client/cache";
import { InboxDocument, InboxHeadFragmentDoc, NotificationEventsDocument } from "@carillon/client/operations";
import { readInbox, registerProjection, showEvent } from "./apollo-cache.js";

export interface KeepInboxCurrentOptions {
  readonly userId: string;
  /** How many notifications to load first: 1 to 100, default 20. */
  readonly first?: number;
  /**
   * Called with each event, once the cache shows it: for a toast or a sound. After an InboxReset the inbox is read again, and what
   * it contains then is not reported as events.
   */
  readonly onEvent?: (event: NotificationEvent) => void;
  /** Called when something fails. It is retried. */
  readonly onError?: (error: unknown) => void;
  /** When to retry. Default: a first delay of at most 1 s, doubled up to 30 s. */
  readonly retry?: RetryOptions;
}

/**
 * Reads a user's inbox into the cache (the query `Inbox`) and applies the events that follow, so that every component that shows
 * it is live. Other lists of notifications, such as filtered ones, are read again where they are shown.
 * The client needs `carillonTypePolicies`, and a link that resumes subscriptions, such as that of `createLink`.
 * @returns stops it
 */
export function keepInboxCurrent(client: ApolloClient, options: KeepInboxCurrentOptions): () => void {
  const { userId } = options;
  const projection = new CacheProjection();
  registerProjection(client.cache, userId, projection);

  async function read(): Promise<Snapshot> {
    const loaded = readInbox(client.cache, userId)?.notifications.nodes.length ?? 0;
    const first = Math.min(100, Math.max(options.first ?? 20, loaded));
    const variables = { userId, first };
    await client.query({ query: InboxDocument, variables, fetchPolicy: "network-only" });
    const inbox = readInbox(client.cache, userId);
    if (inbox === undefined) throw new Error("The cache keeps no inbox: it needs carillonTypePolicies");
    return inbox;
  }

  /** Calls back when an outdated answer to some query or mutation is in the cache. */
  function onOutdatedAnswer(callback: () => void): { unsubscribe(): void } {
    const from = { __typename: "Inbox", userId } as const;
    return client.cache
      .watchFragment({ fragment: InboxHeadFragmentDoc, from, optimistic: false })
      .subscribe(({ data }) => {
        if (data.cursor !== undefined && projection.hasPassed(data.cursor)) callback();
      });
  }

  return startSyncLoop({
    read,
    follow(snapshot, listener) {
      projection.begin(snapshot);
      const watching = onOutdatedAnswer(() => listener.outdated());
      const following = client
        // Events are not worth caching.
        .subscribe({
          query: NotificationEventsDocument,
          variables: { userId, after: snapshot.cursor },
          fetchPolicy: "no-cache",
        })
        .subscribe({
          next({ data, error }) {
            if (data === undefined) {
              listener.error(error);
              return;
            }
            const event = data.notificationEvents;
            const outcome = projection.take(event);
            if (outcome === "unclear") listener.unclear();
            else if (outcome === "taken") {
              showEvent(client.cache, projection, event);
              listener.taken();
            } else return;
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
    retry: options.retry,
  });
}
