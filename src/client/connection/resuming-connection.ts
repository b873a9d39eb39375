import { createClient } from "graphql-ws/client";
import { callSafely } from "../call-safely.js";
import { CarillonError } from "../carillon-error.js";
import { Backoff, defaultRetry, delayAfterRestart, type RetryOptions, stableAfter } from "./backoff.js";
import { describeClose, isCloseEvent, isRestart, messageTooBig } from "./close-codes.js";
import { closeError } from "./close-error.js";
import { type ConnectionMonitor, monitorConnection } from "./connection-monitor.js";
import type {
  Client,
  ClientOptions,
  FormattedExecutionResult,
  Sink,
  SubscribePayload,
} from "./graphql-ws-types.js";
import { defaultHeartbeat, type HeartbeatOptions } from "./heartbeat.js";
import { InterruptibleSleep } from "./interruptible-sleep.js";
import { oversizeError, refusedOperations } from "./message-refusal.js";
import { onReconnectTrigger } from "./reconnect-triggers.js";
import { SocketOperation } from "./socket-operation.js";
import { defaultTimeouts, type TimeoutOptions, withTimeout } from "./timeout.js";
import { withErrorHandler } from "./websocket-with-error-handler.js";

/** What a resuming connection is doing. */
export interface SocketState {
  /** `idle`: no operation runs, so there is no connection; `connected`: the server has acknowledged the connection. */
  readonly status: "idle" | "connecting" | "connected" | "offline";
  /** Why it is offline. */
  readonly error?: CarillonError;
  /** When the next attempt is made (milliseconds since 1970); null: none is planned, or `retryWait` decides when. */
  readonly retryAt?: number | null;
}

/** The options of graphql-ws, which take precedence, and when to reconnect and how to detect a dead connection. */
export interface ResumingClientOptions extends ClientOptions {
  /** Default: a ping every 15 s; the connection is dead after 5 s without an answer. */
  readonly heartbeat?: HeartbeatOptions | undefined;
  /** Default: a first delay of at most 1 s, doubled up to 30 s. */
  readonly retry?: RetryOptions | undefined;
  readonly timeouts?: TimeoutOptions | undefined;
  /** Called whenever the state of the connection changes. */
  readonly onStateChange?: (state: SocketState) => void;
}

/**
 * The one implementation of connecting, resuming, reconnecting and detecting a dead connection: createClient, the Apollo link,
 * the urql exchange and createResumingClient all use it.
 *
 * It runs GraphQL operations over one WebSocket at a time and reopens it for as long as an operation runs:
 *
 *     closed ──an operation──▶ preparing ──delay over, token and URL there──▶ open
 *        ▲                      ▲    │                                          │
 *        ├──── nothing runs ────┼────┘                                          │
 *        └──── nothing runs ────┴──── something runs ◀──── connection lost ─────┘
 *
 * - A subscription is sent again with `after` at the cursor of its last event, see SocketOperation.
 * - Delays are random and grow until a connection is stable. In a browser they end when the network is back or the tab is
 *   visible again.
 * - `connectionParams` and `url` are called before each connection, and before there is a socket: the server gives a socket three
 *   seconds to authenticate.
 */
export class ResumingConnection {
  /** Of graphql-ws, for the events of the socket. It makes one connection and retries nothing by itself. */
  readonly client: Client;
  readonly #options: ResumingClientOptions;
  readonly #timeouts: Required<TimeoutOptions>;
  readonly #backoff: Backoff;
  readonly #monitor: ConnectionMonitor;
  readonly #sleep = new InterruptibleSleep();
  readonly #operations = new Set<SocketOperation>();
  readonly #removeTriggers: () => void;
  #phase: "closed" | "preparing" | "open" = "closed";
  #url = "";
  #params: Record<string, unknown> | undefined;
  /** The socket, once the server has acknowledged it. */
  #socket: { readonly readyState: number } | null = null;
  #connectedAt = 0;
  #hasResult = false;
  /** Attempts to connect since the last that succeeded. */
  #attempts = 0;
  /** Why this side ends the connection; null when the other side does. */
  #endReason: CarillonError | null = null;
  #isRestarting = false;
  #isDisposed = false;

  /** @throws TypeError when there is no WebSocket class */
  constructor(options: ResumingClientOptions) {
    const { heartbeat, retry, timeouts, onStateChange: _own, ...graphqlWsOptions } = options;
    this.#options = options;
    this.#timeouts = { ...defaultTimeouts, ...timeouts };
    this.#backoff = new Backoff(retry ?? defaultRetry);
    this.client = createClient({
      // Leaving one subscription for the next does not reconnect.
      lazyCloseTimeout: 1000,
      ...graphqlWsOptions,
      lazy: true,
      retryAttempts: 0,
      url: () => this.#url,
      connectionParams: () => this.#params,
      webSocketImpl: withErrorHandler(options.webSocketImpl),
    });
    this.#monitor = monitorConnection(this.client, {
      heartbeat: heartbeat ?? defaultHeartbeat,
      connectTimeout: this.#timeouts.connect,
      onDead: (reason) => this.#end(reason),
    });
    this.#removeTriggers = onReconnectTrigger(() => {
      this.#monitor.check();
      this.#sleep.wake();
    });
    this.client.on("connected", (socket) => this.#connected(socket));
    this.client.on("closed", (event) => this.#closed(event));
  }

  /** Runs an operation until it ends. @returns ends it, and its sink completes */
  subscribe<D, E>(payload: SubscribePayload, sink: Sink<FormattedExecutionResult<D, E>>): () => void {
    const replacer = this.#options.jsonMessageReplacer;
    const problem = oversizeError(payload, replacer);
    if (problem !== null) {
      queueMicrotask(() => sink.error(problem));
      return () => undefined;
    }
    const operation = new SocketOperation<D, E>({
      payload,
      sink,
      replacer,
      onResult: () => {
        this.#hasResult = true;
      },
      onEnd: () => void this.#operations.delete(operation),
    });
    if (this.#isDisposed) operation.complete();
    else this.#run(operation);
    return () => operation.complete();
  }

  /** Drops the present connection for this reason, and reconnects after a delay. */
  restart(reason: CarillonError): void {
    if (this.#socket === null) return;
    this.#isRestarting = true;
    this.#end(reason);
    this.#isRestarting = false;
  }

  /** Completes all operations and closes the connection. */
  async dispose(): Promise<void> {
    if (this.#isDisposed) return;
    this.#stop();
    if (this.#socket === null) this.client.terminate();
    else await this.client.dispose();
    this.#monitor[Symbol.dispose]();
  }

  /** Completes all operations and drops the connection without a closing handshake. */
  abort(): void {
    if (this.#isDisposed) return;
    this.#stop();
    this.client.terminate();
    this.#monitor[Symbol.dispose]();
  }

  #stop(): void {
    this.#isDisposed = true;
    this.#removeTriggers();
    for (const operation of this.#operations) operation.complete();
    this.#sleep.wake();
  }

  #run(operation: SocketOperation): void {
    this.#operations.add(operation);
    if (this.#phase === "closed") void this.#prepare();
    // A socket that is closing because nothing needed it is followed by another.
    else if (this.#phase === "open" && (this.#socket === null || this.#socket.readyState === 1))
      operation.open(this.client);
  }

  /** Ends the connection from this side. graphql-ws reports that as closed, synchronously. */
  #end(reason: CarillonError): void {
    this.#endReason = reason;
    this.client.terminate();
    this.#endReason = null;
  }

  #connected(socket: unknown): void {
    this.#socket = isSocket(socket) ? socket : null;
    this.#connectedAt = Date.now();
    this.#hasResult = false;
    this.#attempts = 0;
    this.#report({ status: "connected" });
  }

  #closed(event: unknown): void {
    const wasConnected = this.#socket !== null;
    const isStable = wasConnected && Date.now() - this.#connectedAt > stableAfter(this.#options.retry);
    this.#socket = null;
    // From here on a new operation waits for the next connection.
    this.#phase = "preparing";
    if (isStable && this.#hasResult) this.#backoff.reset();
    if (this.#isFinal(event, wasConnected)) {
      this.#fail(event, closeError(event));
      return;
    }
    const wasCut = this.#isRestarting || [...this.#operations].some((operation) => operation.isOpen);
    const error = this.#lose(event, wasConnected);
    if (wasCut && !this.#isDisposed) void this.#reconnect(error, isStable);
    else void this.#prepare();
  }

  /** Detaches the operations from a lost connection. @returns why it was lost */
  #lose(event: unknown, wasSent: boolean): CarillonError {
    const reason = isCloseEvent(event) ? describeClose(event) : "no close event";
    const refusals = wasSent ? refusedOperations(event, [...this.#operations]) : null;
    for (const operation of this.#operations) {
      operation.lose({ reason, wasSent, refusal: refusals?.get(operation) ?? null });
    }
    const [refusal] = refusals?.values() ?? [];
    return this.#endReason ?? refusal ?? closeError(event);
  }

  /** Is reconnecting pointless? */
  #isFinal(event: unknown, wasConnected: boolean): boolean {
    const { connectionParams, retryAttempts = Infinity, shouldRetry } = this.#options;
    if (this.#attempts >= retryAttempts || shouldRetry?.(event) === false) return true;
    if (!isCloseEvent(event) || typeof connectionParams === "function") return false;
    // A fixed token would be refused again.
    return event.code === 4401 || (event.code === messageTooBig && !wasConnected);
  }

  #fail(cause: unknown, error: CarillonError): void {
    this.#phase = "closed";
    for (const operation of this.#operations) operation.fail(cause);
    this.#report({ status: "offline", error, retryAt: null });
  }

  async #reconnect(error: CarillonError, wasStable = false): Promise<void> {
    this.#attempts += 1;
    const delay = this.#delayAfter(error, wasStable);
    const isPlanned = this.#operations.size > 0 && this.#options.retryWait === undefined;
    this.#report({ status: "offline", error, retryAt: isPlanned ? Date.now() + delay : null });
    await (this.#options.retryWait?.(this.#attempts) ?? this.#sleep.for(delay));
    await this.#prepare();
  }

  #delayAfter({ code, cause }: CarillonError, wasStable: boolean): number {
    // A token that expires on a stable connection is no failure: a new one is asked for at once.
    if (wasStable && code === "TOKEN_EXPIRED") return 0;
    return wasStable && isRestart(cause) ? delayAfterRestart() : this.#backoff.next();
  }

  /** Connects for the operations that run, if there are any. */
  async #prepare(): Promise<void> {
    this.#phase = "preparing";
    if (this.#operations.size > 0) {
      this.#report({ status: "connecting" });
      try {
        this.#url = await this.#ask("NETWORK", "url", this.#options.url);
        this.#params = await this.#ask("TOKEN", "connectionParams", this.#options.connectionParams);
      } catch (error) {
        this.#failToPrepare(closeError(error));
        return;
      }
    }
    // graphql-ws forgets a closed connection only after it has reported it.
    await Promise.resolve();
    this.#phase = this.#operations.size > 0 ? "open" : "closed";
    if (this.#phase === "closed") this.#report({ status: "idle" });
    for (const operation of this.#operations) operation.open(this.client);
  }

  #failToPrepare(error: CarillonError): void {
    const { retryAttempts = Infinity, shouldRetry } = this.#options;
    if (this.#attempts >= retryAttempts || shouldRetry?.(error) === false) this.#fail(error, error);
    else void this.#reconnect(error);
  }

  /** The value of an option that may be a function. @throws CarillonError when that fails or does not answer */
  async #ask<T>(code: string, name: string, option: T | (() => T | Promise<T>)): Promise<T> {
    if (!isFunction(option)) return option;
    const { token: timeout } = this.#timeouts;
    try {
      const late = new CarillonError(code, `${name} did not answer within ${timeout} ms`);
      return await withTimeout(callAsync(option), timeout, late);
    } catch (cause) {
      this.#options.on?.error?.(cause);
      throw cause instanceof CarillonError ? cause : new CarillonError(code, `${name} failed`, { cause });
    }
  }

  #report(state: SocketState): void {
    const { onStateChange } = this.#options;
    if (onStateChange !== undefined) callSafely(() => onStateChange(state));
  }
}

async function callAsync<T>(call: () => T | Promise<T>): Promise<T> {
  return await call();
}

function isFunction<T>(option: T | (() => T | Promise<T>)): option is () => T | Promise<T> {
  return typeof option === "function";
}

function isSocket(value: unknown): value is { readonly readyState: number } {
  return typeof value === "object" && value !== null && "readyState" in value;
}
