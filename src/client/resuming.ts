import {
  type Client,
  type ClientOptions,
  createClient,
  type FormattedExecutionResult,
  type Sink,
  type SubscribePayload,
} from "graphql-ws";
import { Backoff, type RetryOptions } from "./backoff.js";
import type { HeartbeatOptions } from "./heartbeat.js";
import { watchLiveness } from "./liveness.js";
import { Nap } from "./nap.js";
import { quietWebSocket } from "./quiet-web-socket.js";
import { onWake } from "./wake.js";

/** Milliseconds of life after which a connection counts as a good one. */
const goodLife = 1000;

/** Those of graphql-ws, which take precedence, and how to notice a dead connection and when to come back. */
export interface ResumingClientOptions extends ClientOptions {
  /** Default: a ping each 15 s, and dead after 5 s without an answer. */
  readonly heartbeat?: HeartbeatOptions;
  /** Default: within 1 s, doubled up to 30 s. */
  readonly retry?: RetryOptions;
}

/**
 * A graphql-ws client whose subscriptions go on where they were cut: for Apollo Client's GraphQLWsLink, for urql's
 * subscriptionExchange, or by itself. They hand their variables over once, so graphql-ws's own client would begin at the
 * first `after` again, and every event since then would come twice. This one moves `after` on with each event, so the
 * operation has to declare `$after` and to select `cursor`. An InboxReset needs no care: it bears a cursor like the others.
 *
 * It also stays away for no longer than the service does. graphql-ws gives up when a connection is refused, and when its
 * token is; this client comes back until it is disposed of. Where `connectionParams` is a function, it is asked anew for each
 * connection, so a token that has expired (4403) or is refused (4401) is replaced; one that is fixed and refused is the end.
 * Waits are random, so that the clients of a server that restarts do not come all at once, and grow until an event arrives.
 * In a browser they end when the network is back or the tab is looked at again, and a dead connection is noticed by then.
 */
export function createResumingClient({ heartbeat, retry, ...options }: ResumingClientOptions): Client {
  const backoff = new Backoff(retry ?? { first: 1000, longest: 30_000 });
  const nap = new Nap();
  const mayRenew = typeof options.connectionParams === "function";
  let waiting: Promise<void> | null = null;
  let connectedAt = Infinity;
  let hasExpired = false;
  let isDisposed = false;

  const client = createClient({
    retryAttempts: Infinity,
    shouldRetry: () => true,
    retryWait,
    connectionAckWaitTimeout: 10_000,
    // Who leaves one subscription for the next need not connect anew.
    lazyCloseTimeout: 1000,
    ...options,
    webSocketImpl: quietWebSocket(options.webSocketImpl),
  });
  const liveness = watchLiveness(client, heartbeat ?? { interval: 15_000, timeout: 5000 });
  const unlisten = onWake(() => {
    liveness.check();
    nap.wake();
  });
  client.on("connected", () => {
    connectedAt = Date.now();
  });
  client.on("closed", (event) => {
    hasExpired = closeCode(event) === 4403 && Date.now() - connectedAt > goodLife;
  });

  async function retryWait(): Promise<void> {
    // A token that expired in a good connection is no trouble: a new one is asked for at once.
    if (hasExpired || isDisposed) return;
    waiting ??= nap.sleep(backoff.next()).finally(() => {
      waiting = null;
    });
    await waiting;
  }

  function subscribe<D, E>(
    payload: SubscribePayload,
    sink: Sink<FormattedExecutionResult<D, E>>,
  ): () => void {
    // On each retry graphql-ws sends this very object.
    const current = { ...payload, variables: { ...payload.variables } };
    let hasEnded = false;
    let end = (): void => undefined;

    function open(): void {
      end = client.subscribe<D, E>(current, {
        next(result) {
          backoff.reset();
          const after = cursorOf(result.data);
          if (after !== null) current.variables["after"] = after;
          sink.next(result);
        },
        error(error) {
          if (closeCode(error) === 4401 && mayRenew) void retryWait().then(reopen);
          else sink.error(error);
        },
        complete: () => sink.complete(),
      });
    }

    function reopen(): void {
      if (hasEnded || isDisposed) sink.complete();
      else open();
    }

    open();
    return () => {
      hasEnded = true;
      end();
    };
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
    isDisposed = true;
    unlisten();
    const disposed = Promise.resolve(client.dispose()).catch(() => undefined);
    nap.wake();
    await disposed;
    liveness[Symbol.dispose]();
  }

  return { ...client, subscribe, iterate, dispose };
}

/** The code of a close event; null when it is something else. */
function closeCode(event: unknown): number | null {
  const code = typeof event === "object" && event !== null && "code" in event ? event.code : null;
  return typeof code === "number" ? code : null;
}

/** The cursor of the event in a result; null when there is none. */
function cursorOf(data: unknown): string | null {
  for (const field of Object.values<unknown>(typeof data === "object" ? { ...data } : {})) {
    if (typeof field !== "object" || field === null || !("cursor" in field)) continue;
    if (typeof field.cursor === "string") return field.cursor;
  }
  return null;
}
