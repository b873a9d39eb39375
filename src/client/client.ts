import { absoluteUrl } from "./absolute-url.js";
import type { RetryOptions } from "./backoff.js";
import type { ConnectionState } from "./connection-state.js";
import type { CursorStorage } from "./cursor-storage.js";
import { type EventName, type EventOf, eventTypes, type NotificationEvent } from "./events.js";
import type { TypedDocumentString } from "./generated-text.js";
import type { HeartbeatOptions } from "./heartbeat.js";
import { disposed, sendRequest } from "./http.js";
import { type Observable, Value } from "./observable.js";
import type { Position } from "./position.js";
import { Queue } from "./queue.js";
import { quietWebSocket } from "./quiet-web-socket.js";
import { canShare, openSharedStream } from "./shared-stream.js";
import { type EventSource, openStream } from "./stream.js";
import { Tokens } from "./tokens.js";

export interface ClientOptions {
  /** Where GraphQL is served, over HTTP and WebSocket: `https://…/graphql`, or a path of the page's own origin. */
  readonly url: string;
  /** Whose events: the token's own user, or anyone with the scope notifications:admin. */
  readonly userId: string;
  /** Asked for each connection, and again when a token is refused or has expired (4401, 4403, UNAUTHENTICATED). */
  readonly token: () => string | Promise<string>;
  /** The cursor to begin at where the storage has none; null: from now on. */
  readonly after?: string | null;
  /** Keeps the cursor, so that a page that is loaded again hears of what came in between. See cursorStorage. */
  readonly storage?: CursorStorage | null;
  /** One connection for all tabs of this origin (default), where the browser has BroadcastChannel and Web Locks. */
  readonly shareTabs?: boolean;
  /** For Node.js before 22, which has none: the class of the package `ws`. */
  readonly webSocket?: unknown;
  readonly fetch?: typeof fetch;
  /** Default: a ping each 15 s, and dead after 5 s without an answer. */
  readonly heartbeat?: HeartbeatOptions;
  /** Default: within 1 s, doubled up to 30 s. */
  readonly retry?: RetryOptions;
}

/** One user's stream of events, and the way to the API. It connects when somebody asks for events. */
export interface CarillonClient extends AsyncDisposable {
  readonly userId: string;
  readonly connection: Observable<ConnectionState>;
  /** The cursor after the last event, or at which to begin; null: from now on. */
  readonly position: string | null;
  /** Begins to bring events, if nothing has: at its position, else at this cursor. `on` and `events` begin by themselves. */
  start(after?: string): void;
  /** Calls the listener for each event of a name, e.g. "created". @returns ends it */
  on<Name extends EventName>(name: Name, listener: (event: EventOf<Name>) => void): () => void;
  /** Calls the listener for each event, without beginning. @returns ends it */
  listen(listener: (event: NotificationEvent) => void): () => void;
  /** Every event from now on, for `for await`. What is not fetched is kept in memory. It ends with the client. */
  events(): AsyncIterableIterator<NotificationEvent>;
  /** Cuts the connection until `resume`, which brings what came in between. */
  pause(): void;
  resume(): void;
  /** Sends a query or mutation over HTTP. @throws CarillonError */
  request<R, V>(document: TypedDocumentString<R, V>, variables: V): Promise<R>;
  /** Ends everything. */
  dispose(): void;
}

const defaultHeartbeat = { interval: 15_000, timeout: 5000 };
const defaultRetry = { first: 1000, longest: 30_000 };

const idle: ConnectionState = { status: "idle", error: null, retryAt: null, shared: false };

/** Makes a client of one user's inbox. */
export function createClient(options: ClientOptions): CarillonClient {
  const url = absoluteUrl(options.url);
  const tokens = new Tokens(options.token);
  const connection = new Value(idle);
  const disposing = new AbortController();
  const listeners = new Set<(event: NotificationEvent) => void>();
  const queues = new Set<Queue<NotificationEvent>>();
  const name = `carillon:${url}:${options.userId}`;
  let position: Position = { cursor: options.storage?.load(name) ?? options.after ?? null, sequence: null };
  let begun = false;
  let source: EventSource | null = null;

  const streamOptions = {
    url: url.replace(/^http/, "ws"),
    heartbeat: options.heartbeat ?? defaultHeartbeat,
    retry: options.retry ?? defaultRetry,
    userId: options.userId,
    tokens,
  };
  const owner = {
    position: () => position,
    deliver(event: NotificationEvent): void {
      position = { cursor: event.cursor, sequence: event.sequence };
      const heard = [...listeners];
      for (const listener of heard) callSafely(() => listener(event));
      for (const queue of queues) queue.push(event);
      options.storage?.save(name, event.cursor);
    },
    report: (state: ConnectionState) => connection.set(state),
  };

  function start(after?: string): void {
    if (begun || disposing.signal.aborted) return;
    begun = true;
    position = { ...position, cursor: position.cursor ?? after ?? null };
    open();
  }

  function listen(listener: (event: NotificationEvent) => void): () => void {
    const own = (event: NotificationEvent): void => listener(event);
    listeners.add(own);
    return () => void listeners.delete(own);
  }

  function open(): void {
    const share = (options.shareTabs ?? true) && canShare();
    const stream = { ...streamOptions, webSocket: quietWebSocket(options.webSocket) };
    source = share ? openSharedStream(name, stream, owner) : openStream(stream, owner);
  }

  function close(): void {
    source?.stop();
    source = null;
  }

  return {
    userId: options.userId,
    connection,
    get position() {
      return position.cursor;
    },
    start,
    on(name, listener) {
      const unlisten = listen((event) => {
        if (isNamed(event, name)) listener(event);
      });
      start();
      return unlisten;
    },
    listen,
    events() {
      const queue = new Queue<NotificationEvent>(() => void queues.delete(queue));
      if (disposing.signal.aborted) queue.end();
      else queues.add(queue);
      start();
      return queue;
    },
    pause() {
      if (source === null) return;
      close();
      connection.set({ ...idle, status: "offline" });
    },
    resume() {
      if (begun && source === null && !disposing.signal.aborted) open();
    },
    async request(document, variables) {
      if (disposing.signal.aborted) throw disposed();
      const http = { url, tokens, fetch: options.fetch ?? globalThis.fetch, signal: disposing.signal };
      return await sendRequest(http, document, variables);
    },
    dispose,
    async [Symbol.asyncDispose]() {
      dispose();
    },
  };

  function dispose(): void {
    if (disposing.signal.aborted) return;
    disposing.abort();
    close();
    for (const queue of queues) queue.end();
    listeners.clear();
    connection.set({ ...idle, status: "closed" });
  }
}

function isNamed<Name extends EventName>(event: NotificationEvent, name: Name): event is EventOf<Name> {
  return event.__typename === eventTypes[name];
}

/** A listener that throws harms neither the others nor the stream; its error is uncaught, like that of any event listener. */
function callSafely(call: () => void): void {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
