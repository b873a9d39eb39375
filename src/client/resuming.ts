import {
  type Client,
  type ClientOptions,
  createClient,
  type FormattedExecutionResult,
  type Sink,
  type SubscribePayload,
} from "graphql-ws";

/** Milliseconds within which a client comes back first, doubled with each failure up to the longest. */
const firstWait = 1000;
const longestWait = 30_000;

/**
 * A graphql-ws client whose subscriptions go on where they were cut: for Apollo Client's GraphQLWsLink, for urql's
 * subscriptionExchange, or by itself. They hand their variables over once, so graphql-ws's own client would begin at the
 * first `after` again, and every event since then would come twice. This one moves `after` on with each event, so the
 * operation has to declare `$after` and to select `cursor`. An InboxReset needs no care: it bears a cursor like the others.
 *
 * It also stays away for no longer than the service does. graphql-ws gives up when a connection is refused; this client
 * comes back until it is disposed of or told that coming back is of no use (a bad token, 4401). Its waits are random, so
 * that the clients of a server that restarts do not come all at once, and grow until an event arrives.
 * Options are those of graphql-ws, and take precedence.
 */
export function createResumingClient(options: ClientOptions): Client {
  let failures = 0;
  const client = createClient({
    retryAttempts: Infinity,
    shouldRetry: () => true,
    async retryWait() {
      const bound = Math.min(firstWait * 2 ** failures, longestWait);
      failures += 1;
      await new Promise((resolve) => setTimeout(resolve, bound * Math.random()));
    },
    ...options,
  });

  function subscribe<D, E>(
    payload: SubscribePayload,
    sink: Sink<FormattedExecutionResult<D, E>>,
  ): () => void {
    // On each retry graphql-ws sends this very object.
    const current = { ...payload, variables: { ...payload.variables } };
    return client.subscribe<D, E>(current, {
      next(result) {
        failures = 0;
        const after = cursorOf(result.data);
        if (after !== null) current.variables["after"] = after;
        sink.next(result);
      },
      error: (error) => sink.error(error),
      complete: () => sink.complete(),
    });
  }

  function iterate<D, E>(payload: SubscribePayload): AsyncIterableIterator<FormattedExecutionResult<D, E>> {
    let stop = (): void => undefined;
    const results = new ReadableStream<FormattedExecutionResult<D, E>>({
      start(controller) {
        stop = subscribe<D, E>(payload, {
          next: (result) => controller.enqueue(result),
          error: (error) => controller.error(error),
          complete: () => controller.close(),
        });
      },
      cancel: () => stop(),
    });
    return results.values();
  }

  /** graphql-ws rejects here when the attempt to connect that is under way fails, although nobody is to be connected any more. */
  async function dispose(): Promise<void> {
    await Promise.resolve(client.dispose()).catch(() => undefined);
  }

  return { ...client, subscribe, iterate, dispose };
}

/** The cursor of the event in a result; null when there is none. */
function cursorOf(data: unknown): string | null {
  for (const field of Object.values<unknown>(typeof data === "object" ? { ...data } : {})) {
    if (typeof field !== "object" || field === null || !("cursor" in field)) continue;
    if (typeof field.cursor === "string") return field.cursor;
  }
  return null;
}
