import type { Client } from "@urql/core";
import {
  CacheProjection,
  type NotificationEvent,
  type RetryOptions,
  type Snapshot,
  startSyncLoop,
} from "@carillon/client/cache";
import { InboxDocument, NotificationEventsDocument } from "@carillon/client/operations";

export interface KeepInboxCurrentOptions {
  readonly userId: string;
  /** How many notifications to load first: 1 to 100, default 20. */
  readonly first?: number;
  /**
   * Called with each event: for a toast, a sound, or to read again what a document cache contains. After an InboxReset the inbox is
   * read again, and what it contains then is not reported as events.
   */
  readonly onEvent?: (event: NotificationEvent) => void;
  /** Called when something fails. It is retried. */
  readonly onError?: (error: unknown) => void;
  /** When to retry. Default: a first delay of at most 1 s, doubled up to 30 s. */
  readonly retry?: RetryOptions;
}

/**
 * Reads a user's inbox (the query `Inbox`) and subscribes to the events that follow it. With Graphcache and
 * `graphcacheOptions` every component that shows the inbox is live. The client needs a subscriptionExchange that resumes,
 * such as one with `forwardSubscription`.
 * @returns stops it
 */
export function keepInboxCurrent(client: Client, options: KeepInboxCurrentOptions): () => void {
  const { userId, first = 20 } = options;
  const projection = new CacheProjection();

  /** How many notifications are shown. */
  let loaded = 0;

  async function read(): Promise<Snapshot> {
    const variables = { userId, first: Math.min(100, Math.max(first, loaded)) };
    const { data, error } = await client.query(InboxDocument, variables, { requestPolicy: "network-only" });
    if (data === undefined) throw error ?? new Error("The inbox could not be read");
    return data.inbox;
  }

  /** Calls back when an outdated answer to some query or mutation is in the cache. */
  function onOutdatedAnswer(callback: () => void): { unsubscribe(): void } {
    return client.query(InboxDocument, { userId, first }).subscribe(({ data, stale }) => {
      if (data === undefined) return;
      loaded = data.inbox.notifications.nodes.length;
      if (!stale && projection.hasPassed(data.inbox.cursor)) callback();
    });
  }

  return startSyncLoop({
    read,
    follow(snapshot, listener) {
      projection.begin(snapshot);
      const following = client
        .subscription(NotificationEventsDocument, { userId, after: snapshot.cursor })
        .subscribe(({ data, error }) => {
          if (error !== undefined || data === undefined) {
            listener.error(error);
            return;
          }
          const event = data.notificationEvents;
          const outcome = projection.take(event);
          if (outcome === "unclear") listener.unclear();
          else if (outcome === "taken") listener.taken();
          else return;
          options.onEvent?.(event);
        });
      const watching = onOutdatedAnswer(() => listener.outdated());
      return () => {
        watching.unsubscribe();
        following.unsubscribe();
      };
    },
    onError: (error) => options.onError?.(error),
    retry: options.retry,
  });
}
