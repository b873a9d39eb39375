/**
 * The types of graphql-ws that this package shows. Those of graphql-ws itself import the package `graphql`, which an
 * application needs for nothing else. Both fit where the other is expected, e.g. in Apollo Client's GraphQLWsLink.
 */

/** An operation, as it is sent. */
export interface SubscribePayload {
  readonly operationName?: string | null | undefined;
  readonly query: string;
  readonly variables?: Record<string, unknown> | null | undefined;
  readonly extensions?: Record<string, unknown> | null | undefined;
}

/** Receives the results of an operation, and then either its error or its completion. */
export interface Sink<T = unknown> {
  next(value: T): void;
  /** @param error an Error, a close event, or errors of GraphQL */
  error(error: unknown): void;
  complete(): void;
}

export interface FormattedError {
  readonly message: string;
  readonly locations?: readonly { readonly line: number; readonly column: number }[];
  readonly path?: readonly (string | number)[];
  readonly extensions?: Record<string, unknown>;
}

export interface FormattedExecutionResult<
  Data = Record<string, unknown>,
  Extensions = Record<string, unknown>,
> {
  errors?: readonly FormattedError[] | undefined;
  data?: Data | null | undefined;
  hasNext?: boolean | undefined;
  extensions?: Extensions | undefined;
}

type Payload = Record<string, unknown> | undefined;

export type ClientEvent =
  | "connecting"
  | "opened"
  | "connected"
  | "ping"
  | "pong"
  | "message"
  | "closed"
  | "error";

/** Written as a method, so that a listener may name the type of the messages that it expects. */
type MessageListener = { listener(message: unknown): void }["listener"];

/** What is called for an event. Sockets and close events are `unknown`, since they differ between browsers and Node.js. */
export type ClientEventListener<E extends ClientEvent> = E extends "connecting"
  ? (isRetry: boolean) => void
  : E extends "opened"
    ? (socket: unknown) => void
    : E extends "connected"
      ? (socket: unknown, payload: Payload, wasRetry: boolean) => void
      : E extends "ping"
        ? (received: boolean, payload: Payload) => void
        : E extends "pong"
          ? (received: boolean, payload: Payload) => void
          : E extends "message"
            ? MessageListener
            : E extends "closed"
              ? (event: unknown) => void
              : E extends "error"
                ? (error: unknown) => void
                : never;

/** The third parameter of JSON.stringify, and the second of JSON.parse. */
export type JSONTransform = (this: unknown, key: string, value: unknown) => unknown;

/** The options of graphql-ws's client that say how to connect. */
export interface ClientOptions {
  url: string | (() => Promise<string> | string);
  /** The payload of `connection_init`. */
  connectionParams?: Payload | (() => Promise<Payload> | Payload);
  /** Milliseconds from the last operation's end to the connection's. */
  lazyCloseTimeout?: number;
  /** Milliseconds between pings of graphql-ws. */
  keepAlive?: number;
  /** Milliseconds in which the server has to acknowledge a connection. */
  connectionAckWaitTimeout?: number;
  disablePong?: boolean;
  retryAttempts?: number;
  retryWait?: (retries: number) => Promise<void>;
  shouldRetry?: (errorOrCloseEvent: unknown) => boolean;
  /** Listeners that are called before all others. */
  on?: Partial<{ [E in ClientEvent]: ClientEventListener<E> }>;
  /** For Node.js before 22, which has none: the class of the package `ws`. */
  webSocketImpl?: unknown;
  generateID?: (payload: SubscribePayload) => string;
  jsonMessageReviver?: JSONTransform;
  jsonMessageReplacer?: JSONTransform;
}

/** A client of GraphQL over WebSocket (graphql-transport-ws). */
export interface Client {
  /** @returns what takes the listener off */
  on<E extends ClientEvent>(event: E, listener: ClientEventListener<E>): () => void;
  /** @returns what ends the operation */
  subscribe<Data = Record<string, unknown>, Extensions = unknown>(
    payload: SubscribePayload,
    sink: Sink<FormattedExecutionResult<Data, Extensions>>,
  ): () => void;
  iterate<Data = Record<string, unknown>, Extensions = unknown>(
    payload: SubscribePayload,
  ): AsyncIterableIterator<FormattedExecutionResult<Data, Extensions>>;
  /** Ends the connection without the closing handshake; operations that run connect again. */
  terminate(): void;
  dispose(): void | Promise<void>;
}
