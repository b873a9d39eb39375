import type { SubscriptionForwarder } from "@urql/core";
import type { Transport } from "@carillon/client/cache";

/** For `subscriptionExchange({ forwardSubscription: forwardSubscription(transport) })`. */
export function forwardSubscription({ socket }: Transport): SubscriptionForwarder {
  return ({ query = "", variables = {} }) => ({
    subscribe: (sink) => ({
      unsubscribe: socket.subscribe(
        { query, variables },
        {
          // urql takes a list of errors for a failure, though it is empty.
          next: ({ data, errors }) =>
            sink.next({ data: data ?? null, ...(errors && { errors: [...errors] }) }),
          error: (error) => sink.error(error),
          complete: () => sink.complete(),
        },
      ),
    }),
  });
}
