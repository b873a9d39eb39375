import { AsyncQueue } from "../stream/async-queue.js";
import type { Client, FormattedExecutionResult, SubscribePayload } from "./graphql-ws-types.js";
import { ResumingConnection, type ResumingClientOptions } from "./resuming-connection.js";

/**
 * A graphql-ws client whose subscriptions continue where they were cut off: for Apollo Client's GraphQLWsLink, for urql's
 * subscriptionExchange, or alone. Those libraries hand their variables over once, so graphql-ws itself would start again at the
 * first `after` and repeat every event since then. This client moves `after` on with each event: the operation has to declare
 * `$after` and to select `cursor`. An InboxReset needs no special handling: it has a cursor like the other events.
 *
 * Where graphql-ws gives up, this client reconnects until it is disposed of (docs/javascript.md lists what it does after each
 * close code). Where `connectionParams` is a function, it is called before each connection, so a token that has expired (4403) or
 * is refused (4401) is replaced; a fixed one that is refused is final.
 *
 * An operation fails alone, with a CarillonError, and the others continue: when its message is larger than the server accepts,
 * which is known before it is sent, or when the connection was closed because of it. A mutation is never sent twice: when the
 * connection is lost before its answer, it fails.
 */
export function createResumingClient(options: ResumingClientOptions): Client {
  const connection = new ResumingConnection(options);
  return {
    ...connection.client,
    subscribe: (payload, sink) => connection.subscribe(payload, sink),
    iterate: (payload) => iterate(connection, payload),
    dispose: () => connection.dispose(),
  };
}

function iterate<D, E>(
  connection: ResumingConnection,
  payload: SubscribePayload,
): AsyncIterableIterator<FormattedExecutionResult<D, E>> {
  const results = new AsyncQueue<FormattedExecutionResult<D, E>>(() => unsubscribe());
  const unsubscribe = connection.subscribe<D, E>(payload, {
    next: (result) => results.push(result),
    error: (error) => results.end({ error }),
    complete: () => results.end(),
  });
  return results;
}
