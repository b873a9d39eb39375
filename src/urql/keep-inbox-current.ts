import type { Client } from "@urql/core";
import type { NotificationEvent } from "../client/events.js";
import { Follower, type Head } from "../client/follower.js";
import { InboxDocument, NotificationEventsDocument } from "../client/generated.js";
import { keep } from "../client/keeper.js";

export interface KeepOptions {
  readonly userId: string;
  /** How many notifications to read at first: 1 to 100, default 20. */
  readonly first?: number;
  /**
   * Called with each event: for a toast, a sound, or to read again what a document cache holds. After an InboxReset the inbox
   * is read anew, and what it contains then comes as no event.
   */
  readonly onEvent?: (event: NotificationEvent) => void;
  /** Called when something fails. It is tried again by itself. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Reads a user's inbox (the query `Inbox`) and subscribes to the events that follow it. With Graphcache and
 * `graphcacheOptions` every component that shows the inbox is live. The client needs a subscriptionExchange that resumes,
 * such as one with `forwardSubscription`.
 * @returns ends it
 */
export function keepInboxCurrent(client: Client, options: KeepOptions): () => void {
  const { userId, first = 20 } = options;
  const follower = new Follower();

  /** How much of the list is shown. */
  let loaded = 0;

  async function read(): Promise<Head> {
    const variables = { userId, first: Math.min(100, Math.max(first, loaded)) };
    const { data, error } = await client.query(InboxDocument, variables, { requestPolicy: "network-only" });
    if (data === undefined) throw error ?? new Error("The inbox could not be read");
    return data.inbox;
  }

  /** Calls when an answer to anybody's query or mutation has put the past into the cache. */
  function watchForLateAnswers(onLate: () => void): { unsubscribe(): void } {
    return client.query(InboxDocument, { userId, first }).subscribe(({ data, stale }) => {
      if (data === undefined) return;
      loaded = data.inbox.notifications.nodes.length;
      if (!stale && follower.hasPassed(data.inbox.cursor)) onLate();
    });
  }

  return keep({
    read,
    follow(head, listener) {
      follower.begin(head);
      const following = client
        .subscription(NotificationEventsDocument, { userId, after: head.cursor })
        .subscribe(({ data, error }) => {
          if (error !== undefined || data === undefined) {
            listener.error(error);
            return;
          }
          const event = data.notificationEvents;
          const taken = follower.take(event);
          if (taken === "repeat") return;
          if (taken === "taken") listener.taken();
          else listener.unclear();
          options.onEvent?.(event);
        });
      const watching = watchForLateAnswers(() => listener.late());
      return () => {
        watching.unsubscribe();
        following.unsubscribe();
      };
    },
    onError: (error) => options.onError?.(error),
  });
}
