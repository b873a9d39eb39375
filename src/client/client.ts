import { absoluteUrl } from "./absolute-url.js";
import { callSafely } from "./call-safely.js";
import type { RetryOptions } from "./connection/backoff.js";
import { type ConnectionState, idleState, isSameState } from "./connection/connection-state.js";
import type { HeartbeatOptions } from "./connection/heartbeat.js";
import { defaultTimeouts, type TimeoutOptions } from "./connection/timeout.js";
import { type TokenCallback, TokenSource } from "./connection/token-source.js";
import { requireWebSocket } from "./connection/websocket-with-error-handler.js";
import { type EventName, type EventOf, eventTypes, type NotificationEvent } from "./event-types.js";
import type { TypedDocumentString } from "./generated-text.js";
import { disposed, sendRequest } from "./http-request.js";
import { type Observable, Value } from "./observable.js";
import { AsyncQueue } from "./stream/async-queue.js";
import type { CursorStorage } from "./stream/cursor-storage.js";
import { type EventSource, openEventStream } from "./stream/event-stream.js";
import { canShare, openSharedStream } from "./stream/shared-stream.js";
import type { Position } from "./stream/stream-position.js";

export interface ClientOptions {
  /** Where GraphQL is served, over HTTP and WebSocket: `https://…/graphql`, or a path of the page's own origin. */
  readonly url: string;
  /** Whose events: the token's own user, or any user with the scope notifications:admin. */
  readonly userId: string;
  /** Called before each connection, and again when a token is refused or has expired (4401, 4403, UNAUTHENTICATED). */
  readonly token: TokenCallback;
  /** The cursor to start after where the storage has none; null: start at the present. */
  readonly after?: string | null;
  /** Stores the cursor, so that a page that is loaded again receives what it missed. See cursorStorage. */
  readonly storage?: CursorStorage | null;
  /** One connection for all tabs of this origin (default), where the browser has BroadcastChannel and Web Locks. */
  readonly shareTabs?: boolean;
  /** For Node.js before 22, which has no WebSocket: the class of the package `ws`. */
  readonly webSocket?: unknown;
  readonly fetch?: typeof fetch;
  /** Default: a ping every 15 s; the connection is dead after 5 s without an answer. */
  readonly heartbeat?: HeartbeatOptions;
  /** Default: a first delay of at most 1 s, doubled up to 30 s. */
  readonly retry?: RetryOptions;
  readonly timeouts?: TimeoutOptions;
}

/** One user's stream of events, and access to the API. It connects when something asks for events. */
export interface CarillonClient extends AsyncDisposable {
  readonly userId: string;
  readonly connection: Observable<ConnectionState>;
  /** The cursor of the last event, or the one to start after; null: start at the present. */
  readonly position: string | null;
  /** Starts the stream unless it has started: at its position, else after this cursor. `on` and `events` start it too. */
  readonly start: (after?: string) => void;
  /** Calls the listener for each event of a name, e.g. "created". @returns removes it */
  readonly on: <Name extends EventName>(name: Name, listener: (event: EventOf<Name>) => void) => () => void;
  /** Calls the listener for each event, without starting the stream. @returns removes it */
  readonly listen: (listener: (event: NotificationEvent) => void) => () => void;
  /** Every event from now on, for `for await`. Events that are not read yet are kept in memory. It ends with the client. */
  readonly events: () => AsyncIterableIterator<NotificationEvent>;
  /** Disconnects until `resume`, which delivers what was missed. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Sends a query or mutation over HTTP. @throws CarillonError */
  readonly request: <R, V>(document: TypedDocumentString<R, V>, variables: V) => Promise<R>;
  /** Closes the connection, ends all iterations and aborts all requests. */
  readonly dispose: () => void;
}

/** Makes a client for one user's inbox. */
export function createClient(options: ClientOptions): CarillonClient {
  return new StreamingClient(options);
}

/** Its public methods are properties, so that they may be taken off it: `const { on } = client`. */
class StreamingClient implements CarillonClient {
  readonly userId: string;
  readonly connection = new Value(idleState);
  readonly #options: ClientOptions;
  readonly #url: string;
  readonly #tokens: TokenSource;
  /** The same in all tabs of this user and server. */
  readonly #name: string;
  readonly #disposing = new AbortController();
  readonly #listeners = new Set<(event: NotificationEvent) => void>();
  readonly #queues = new Set<AsyncQueue<NotificationEvent>>();
  #position: Position;
  #hasStarted = false;
  #source: EventSource | null = null;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.userId = options.userId;
    this.#url = absoluteUrl(options.url);
    this.#tokens = new TokenSource(options.token, options.timeouts?.token);
    this.#name = `carillon:${this.#url}:${options.userId}`;
    const cursor = options.storage?.load(this.#name) ?? options.after ?? null;
    this.#position = { cursor, sequence: null };
  }

  get position(): string | null {
    return this.#position.cursor;
  }

  readonly start = (after?: string): void => {
    if (this.#hasStarted || this.#isDisposed) return;
    this.#hasStarted = true;
    this.#position = { ...this.#position, cursor: this.#position.cursor ?? after ?? null };
    this.#open();
  };

  readonly on = <Name extends EventName>(
    name: Name,
    listener: (event: EventOf<Name>) => void,
  ): (() => void) => {
    const remove = this.listen((event) => {
      if (isNamed(event, name)) listener(event);
    });
    this.start();
    return remove;
  };

  readonly listen = (listener: (event: NotificationEvent) => void): (() => void) => {
    const own = (event: NotificationEvent): void => listener(event);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  };

  readonly events = (): AsyncIterableIterator<NotificationEvent> => {
    const queue = new AsyncQueue<NotificationEvent>(() => void this.#queues.delete(queue));
    if (this.#isDisposed) queue.end();
    else this.#queues.add(queue);
    this.start();
    return queue;
  };

  readonly pause = (): void => {
    if (this.#source === null) return;
    this.#close();
    this.connection.set({ ...idleState, status: "offline" });
  };

  readonly resume = (): void => {
    if (this.#hasStarted && this.#source === null && !this.#isDisposed) this.#open();
  };

  readonly request = async <R, V>(document: TypedDocumentString<R, V>, variables: V): Promise<R> => {
    if (this.#isDisposed) throw disposed();
    const { fetch = globalThis.fetch, timeouts } = this.#options;
    const timeout = timeouts?.request ?? defaultTimeouts.request;
    const { signal } = this.#disposing;
    return await sendRequest(
      { url: this.#url, tokens: this.#tokens, fetch, timeout, signal },
      document,
      variables,
    );
  };

  readonly dispose = (): void => {
    if (this.#isDisposed) return;
    this.#disposing.abort();
    this.#close();
    for (const queue of this.#queues) queue.end();
    this.#listeners.clear();
    this.connection.set({ ...idleState, status: "closed" });
  };

  async [Symbol.asyncDispose](): Promise<void> {
    this.dispose();
  }

  get #isDisposed(): boolean {
    return this.#disposing.signal.aborted;
  }

  #open(): void {
    const { heartbeat, retry, timeouts, shareTabs = true, webSocket } = this.#options;
    const stream = {
      url: this.#url.replace(/^http/, "ws"),
      webSocket: requireWebSocket(webSocket),
      userId: this.userId,
      tokens: this.#tokens,
      heartbeat,
      retry,
      timeouts,
    };
    const owner = {
      position: () => this.#position,
      deliver: (event: NotificationEvent) => this.#deliver(event),
      report: (state: ConnectionState) => {
        if (!isSameState(state, this.connection.get())) this.connection.set(state);
      },
    };
    this.#source =
      shareTabs && canShare() ? openSharedStream(this.#name, stream, owner) : openEventStream(stream, owner);
  }

  #close(): void {
    this.#source?.stop();
    this.#source = null;
  }

  #deliver(event: NotificationEvent): void {
    this.#position = { cursor: event.cursor, sequence: event.sequence };
    const listeners = [...this.#listeners];
    for (const listener of listeners) callSafely(() => listener(event));
    for (const queue of this.#queues) queue.push(event);
    this.#options.storage?.save(this.#name, event.cursor);
  }
}

function isNamed<Name extends EventName>(event: NotificationEvent, name: Name): event is EventOf<Name> {
  return event.__typename === eventTypes[name];
}
