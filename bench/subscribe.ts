import { createResumingClient } from "../src/client/connection/resuming-client.js";
import type { NotificationEventsSubscriptionVariables } from "../src/client/generated.js";
import { connectTo, follow, type Subscriber } from "../test/kit/subscriber.js";

/** Subscribes to a user's events as applications do: with the connection of the client package. */
export function subscribe(
  url: string,
  token: string,
  variables: NotificationEventsSubscriptionVariables,
): Subscriber {
  return follow(createResumingClient(connectTo(url, token)), variables);
}
