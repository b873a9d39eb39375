// @ts-check
/**
 * A WebSocket that outlives its connections, for a GraphQL client that does not: Altair gives a subscription up when the
 * server is away for longer than a moment, and would begin it anew without what came in between.
 *
 * It speaks graphql-transport-ws and remembers the client's `connection_init` and running subscriptions. When the
 * connection is lost it connects again, says both again, each subscription with `after` at the last cursor that it saw, and
 * the server goes on where the client left off. The client sees one connection and every event once.
 *
 *     connecting -> acknowledged -> lost -> (waits) -> connecting -> acknowledged -> ...
 *          \_____________________________________________\____ closed, which the client hears of
 *
 * closed: by the client, before it was ever acknowledged, or with a code that no retry can mend.
 */

/** Codes after which graphql-ws clients do not come back: what was sent is at fault, or the token. */
const fatalCodes = new Set([1002, 1011, 4004, 4005, 4400, 4401, 4406, 4409, 4429, 4500]);

const firstDelay = 500;
const longestDelay = 10_000;

/** The browser's own: the page puts this class in the place of the global. */
const Connection = globalThis.WebSocket;

/**
 * What of the protocol matters here.
 * @typedef {{ query: string, variables?: Record<string, unknown> }} Operation
 * @typedef {{ data?: Record<string, { cursor?: unknown } | null> | null }} Result
 * @typedef {{ type: "connection_init" | "connection_ack" | "ping" | "pong" }
 *   | { type: "subscribe", id: string, payload: Operation }
 *   | { type: "next", id: string, payload: Result }
 *   | { type: "error" | "complete", id: string }} Message
 */

/** @type {(data: string) => Message} Both sides speak the protocol; what is no part of it goes through unread. */
const parse = JSON.parse;

export class ResumingSocket {
  // The handlers that the client assigns.
  /** @type {((event: Event) => void) | null} */
  onopen = null;
  /** @type {((event: Event) => void) | null} */
  onerror = null;
  /** @type {((event: MessageEvent<string>) => void) | null} */
  onmessage = null;
  /** @type {((event: CloseEvent) => void) | null} */
  onclose = null;

  #url;
  #protocol;
  #connection;
  /** The client's `connection_init`, as it sent it. */
  #init = "";
  /** @type {Map<string, Operation>} */
  #running = new Map();
  /** The server has accepted us at least once. */
  #established = false;
  /** The present connection is acknowledged. */
  #acknowledged = false;
  /** The client has closed, or has heard that the connection is closed. */
  #closed = false;
  /** Connections lost since the last event. An accepted connection alone proves nothing: it may be closed at once. */
  #losses = 0;
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {string | URL} url
   * @param {string} protocol
   */
  constructor(url, protocol) {
    this.#url = url;
    this.#protocol = protocol;
    this.#connection = this.#connect();
  }

  get readyState() {
    return this.#established && !this.#closed ? Connection.OPEN : this.#connection.readyState;
  }

  /** @param {string} data */
  send(data) {
    const message = parse(data);
    if (message.type === "connection_init") this.#init = data;
    if (message.type === "subscribe") this.#running.set(message.id, message.payload);
    if (message.type === "complete") this.#running.delete(message.id);
    // While there is no connection it is enough to have remembered.
    if (this.#acknowledged || message.type === "connection_init") this.#connection.send(data);
  }

  /**
   * @param {number} [code]
   * @param {string} [reason]
   */
  close(code, reason) {
    this.#closed = true;
    clearTimeout(this.#timer);
    if (this.#connection.readyState !== Connection.CLOSED) this.#connection.close(code, reason);
    else
      this.onclose?.(new CloseEvent("close", { code: code ?? 1000, reason: reason ?? "", wasClean: true }));
  }

  #connect() {
    const connection = new Connection(this.#url, this.#protocol);
    connection.onopen = (event) => {
      if (this.#established) connection.send(this.#init);
      else this.onopen?.(event);
    };
    connection.onerror = (event) => {
      if (!this.#established) this.onerror?.(event);
    };
    // The protocol has text frames only.
    connection.onmessage = (/** @type {MessageEvent<string>} */ event) => this.#receive(event);
    connection.onclose = (event) => this.#lose(event);
    return connection;
  }

  /** @param {MessageEvent<string>} event */
  #receive(event) {
    const message = parse(event.data);
    if (message.type === "connection_ack") {
      this.#acknowledged = true;
      if (this.#established) {
        this.#resume();
        return;
      }
      this.#established = true;
    }
    if (message.type === "next") {
      this.#losses = 0;
      moveOn(this.#running.get(message.id), message.payload);
    }
    if (message.type === "error" || message.type === "complete") this.#running.delete(message.id);
    this.onmessage?.(event);
  }

  #resume() {
    for (const [id, payload] of this.#running) {
      this.#connection.send(JSON.stringify({ type: "subscribe", id, payload }));
    }
  }

  /** @param {CloseEvent} event */
  #lose(event) {
    this.#acknowledged = false;
    if (this.#closed || this.#running.size === 0 || fatalCodes.has(event.code)) {
      this.#closed = true;
      this.onclose?.(event);
      return;
    }
    const delay = Math.min(firstDelay * 2 ** this.#losses, longestDelay);
    this.#losses += 1;
    this.#timer = setTimeout(
      () => {
        this.#connection = this.#connect();
      },
      delay * (0.5 + Math.random() / 2),
    );
  }
}

/**
 * Lets the operation begin after this result when it is sent again, if it is one that can be resumed.
 * @param {Operation | undefined} operation
 * @param {Result} result
 */
function moveOn(operation, result) {
  if (operation === undefined || !/\$after\b/.test(operation.query)) return;
  for (const field of Object.values(result.data ?? {})) {
    if (typeof field?.cursor === "string")
      operation.variables = { ...operation.variables, after: field.cursor };
  }
}
