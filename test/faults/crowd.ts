/**
 * Subscribers that come at once, in a process of their own: what the machine does for them must not delay whoever watches the
 * instance meanwhile. A program, run by storm.test.ts.
 */
import type { NotificationEventsSubscriptionVariables } from "../../src/client/generated.js";
import { RawSubscriber } from "../kit/raw-subscriber.js";
import type { Received } from "../kit/subscriber.js";

/** What the program is sent. */
export interface Crowd {
  readonly url: string;
  readonly subscribers: readonly {
    readonly token: string;
    readonly variables: NotificationEventsSubscriptionVariables;
  }[];
  /** Items that each waits for. */
  readonly items: number;
}

/** What the program sends once each subscriber has its items: the items of each. */
export type CrowdReceived = readonly (readonly Received[])[];

process.once("message", ({ url, subscribers, items }: Crowd) => {
  const all = subscribers.map(({ token, variables }) => new RawSubscriber(url, token, variables));
  void Promise.all(all.map((subscriber) => subscriber.until(items))).then(() => {
    process.send?.(all.map(({ received }) => received) satisfies CrowdReceived, () => process.exit());
  });
});
