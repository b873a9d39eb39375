/** Milliseconds. */
export interface HeartbeatOptions {
  /** Between two pings. */
  readonly interval: number;
  /** After a ping, until the connection counts as dead. */
  readonly timeout: number;
}

/**
 * Finds out that a connection is dead, which TCP may not notice for many minutes: it pings, and takes any message for a
 * sign of life (Ping and Pong of the GraphQL over WebSocket protocol).
 */
export class Heartbeat implements Disposable {
  readonly #socket: WebSocket;
  readonly #options: HeartbeatOptions;
  readonly #onDead: () => void;
  readonly #pinging: ReturnType<typeof setInterval>;
  #deadline: ReturnType<typeof setTimeout> | null = null;

  constructor(socket: WebSocket, options: HeartbeatOptions, onDead: () => void) {
    this.#socket = socket;
    this.#options = options;
    this.#onDead = onDead;
    this.#pinging = setInterval(() => this.check(), options.interval);
  }

  /** Pings now, e.g. since the network has changed. */
  check(): void {
    if (this.#deadline !== null) return;
    this.#deadline = setTimeout(this.#onDead, this.#options.timeout);
    this.#socket.send('{"type":"ping"}');
  }

  /** There was a message. */
  alive(): void {
    if (this.#deadline === null) return;
    clearTimeout(this.#deadline);
    this.#deadline = null;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#pinging);
    this.alive();
  }
}
