import { createClient } from "graphql-ws";
import { CarillonError } from "./errors.js";
import type { NotificationEvent } from "./events.js";
import { NotificationEventsDocument, type NotificationEventsSubscription } from "./generated-text.js";
import { Heartbeat, type HeartbeatOptions } from "./heartbeat.js";

/** Milliseconds within which a connection is to be made and acknowledged. */
const connectTimeout = 10_000;

export interface SubscriptionOptions {
  /** ws: or wss: */
  readonly url: string;
  readonly webSocket: typeof WebSocket;
  readonly heartbeat: HeartbeatOptions;
  readonly userId: string;
  readonly after: string | null;
  readonly token: string;
  /** The connection stands; what was missed comes next. */
  readonly onConnected: () => void;
  readonly onEvent: (event: NotificationEvent) => void;
}

/** One WebSocket with one subscription. */
export interface Subscription {
  /** Rejects when it ended, with why. It never resolves: a stream has no end. */
  readonly ended: Promise<never>;
  /** Ends it for this reason. */
  end(reason: CarillonError): void;
  /** Finds out whether the connection lives. */
  check(): void;
}

/** Opens a WebSocket and subscribes (GraphQL over WebSocket, graphql-transport-ws). Nothing is tried again here. */
export function subscribe(options: SubscriptionOptions): Subscription {
  const { promise: ended, reject } = withReject();
  let heartbeat: Heartbeat | null = null;
  let over = false;
  const connecting = setTimeout(() => end(networkError("The server does not answer")), connectTimeout);

  const client = createClient({
    url: options.url,
    webSocketImpl: options.webSocket,
    connectionParams: { authorization: `Bearer ${options.token}` },
    retryAttempts: 0,
    on: {
      connected(socket) {
        clearTimeout(connecting);
        if (over || !isSocket(socket)) return;
        heartbeat = new Heartbeat(socket, options.heartbeat, () =>
          end(networkError("The connection is dead")),
        );
        options.onConnected();
      },
      message: () => heartbeat?.alive(),
    },
  });

  function end(reason: CarillonError): void {
    if (over) return;
    over = true;
    clearTimeout(connecting);
    heartbeat?.[Symbol.dispose]();
    reject(reason);
    // A dead connection would never answer the closing handshake.
    client.terminate();
  }

  client.subscribe<NotificationEventsSubscription>(
    {
      query: NotificationEventsDocument.toString(),
      variables: { userId: options.userId, after: options.after },
    },
    {
      next({ data, errors }) {
        if (over) return;
        if (data === undefined || data === null) end(errorFrom(errors));
        else options.onEvent(data.notificationEvents);
      },
      error: (error) => end(errorFrom(error)),
      complete: () => end(networkError("The server ended the stream")),
    },
  );
  return { ended, end, check: () => heartbeat?.check() };
}

function networkError(message: string): CarillonError {
  return new CarillonError("NETWORK", message);
}

/** What graphql-ws says: a close event, errors of GraphQL, or an event or error of the socket. */
function errorFrom(cause: unknown): CarillonError {
  if (isCloseEvent(cause)) {
    const code = { 4401: "UNAUTHENTICATED", 4403: "TOKEN_EXPIRED" }[cause.code] ?? "NETWORK";
    const reason = cause.reason === "" ? "" : `: ${cause.reason}`;
    return new CarillonError(code, `The connection was closed with ${cause.code}${reason}`, { cause });
  }
  const first: unknown = Array.isArray(cause) ? cause[0] : undefined;
  if (isGraphQLError(first)) {
    return new CarillonError(first.extensions?.code ?? "INTERNAL_SERVER_ERROR", first.message);
  }
  return new CarillonError("NETWORK", "The connection failed", { cause });
}

function isCloseEvent(value: unknown): value is { code: number; reason: string } {
  return (
    typeof value === "object" && value !== null && "code" in value && "reason" in value && "wasClean" in value
  );
}

interface GraphQLErrorLike {
  readonly message: string;
  readonly extensions?: { readonly code?: string };
}

function isGraphQLError(value: unknown): value is GraphQLErrorLike {
  return typeof value === "object" && value !== null && "message" in value;
}

function isSocket(value: unknown): value is WebSocket {
  return typeof value === "object" && value !== null && "send" in value;
}

/** Promise.withResolvers, which older browsers lack, for a promise that only rejects. */
function withReject(): { promise: Promise<never>; reject: (reason: Error) => void } {
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<never>((_resolve, rejectIt) => {
    reject = rejectIt;
  });
  return { promise, reject };
}
