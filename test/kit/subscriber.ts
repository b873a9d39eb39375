import { print } from "graphql";
import { type Client, type ClientOptions, createClient } from "graphql-ws";
import { WebSocket } from "ws";
import {
  NotificationEventsDocument,
  type NotificationEventsSubscription,
  type NotificationEventsSubscriptionVariables,
} from "../../src/client/generated.js";

export type Received = NotificationEventsSubscription["notificationEvents"];

/** A subscription whose items queue up, so that a test misses none. */
export interface Subscriber extends AsyncDisposable {
  /** All items so far. */
  readonly received: readonly Received[];
  /** Waits until there are `count` items of these types (of any when none is given), and gives them. */
  until(count: number, ...types: Received["__typename"][]): Promise<Received[]>;
  /** Resolves when the subscription has ended, with its error if there was one. */
  readonly ended: Promise<unknown>;
}

/** Subscribes to a user's events with the graphql-ws client; without retries, so that a test sees each end. */
export function subscribe(
  url: string,
  token: string,
  variables: NotificationEventsSubscriptionVariables,
): Subscriber {
  return follow(createClient({ ...connectTo(url, token), retryAttempts: 0 }), variables);
}

/** How a graphql-ws client connects to an instance. */
export function connectTo(url: string, token: string): ClientOptions {
  return {
    url: `${url.replace(/^http/, "ws")}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
  };
}

/** Subscribes to a user's events with a client that the subscriber then owns. */
export function follow(client: Client, variables: NotificationEventsSubscriptionVariables): Subscriber {
  const received: Received[] = [];
  const waiting = new Set<() => void>();
  const ended = new Promise<unknown>((resolve) => {
    client.subscribe<NotificationEventsSubscription>(
      { query: print(NotificationEventsDocument), variables: { ...variables } },
      {
        next({ data, errors }) {
          if (data === null || data === undefined) resolve(errors);
          else received.push(data.notificationEvents);
          for (const check of waiting) check();
        },
        error: resolve,
        complete: () => resolve(undefined),
      },
    );
  });
  return {
    received,
    ended,
    async until(count, ...types) {
      const matching = () =>
        types.length === 0 ? received : received.filter(({ __typename }) => types.includes(__typename));
      await new Promise<void>((resolve, reject) => {
        const check = (): void => {
          if (matching().length < count) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        void ended.then((error) => reject(new Error(`the subscription ended: ${JSON.stringify(error)}`)));
        check();
      });
      return matching().slice(0, count);
    },
    async [Symbol.asyncDispose]() {
      await client.dispose();
    },
  };
}
