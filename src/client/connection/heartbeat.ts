/** Milliseconds. */
export interface HeartbeatOptions {
  /** Between two pings. */
  readonly interval: number;
  /** After a ping, until the connection counts as dead. */
  readonly timeout: number;
}

export const defaultHeartbeat: HeartbeatOptions = { interval: 15_000, timeout: 5000 };

/** Sends a Ping of the GraphQL over WebSocket protocol. */
export function pingOver(socket: WebSocket): () => void {
  return () => socket.send('{"type":"ping"}');
}

/**
 * Detects a dead connection, which TCP may not notice for minutes, or a suspended tab: it pings, and any message counts as an
 * answer.
 */
export class Heartbeat implements Disposable {
  readonly #ping: () => void;
  readonly #options: HeartbeatOptions;
  readonly #onDead: () => void;
  readonly #pinging: ReturnType<typeof setInterval>;
  #deadline: ReturnType<typeof setTimeout> | null = null;

  constructor(ping: () => void, options: HeartbeatOptions, onDead: () => void) {
    this.#ping = ping;
    this.#options = options;
    this.#onDead = onDead;
    this.#pinging = setInterval(() => this.check(), options.interval);
  }

  /** Pings now, unless an answer is already awaited. */
  check(): void {
    if (this.#deadline !== null) return;
    this.#deadline = setTimeout(this.#onDead, this.#options.timeout);
    this.#ping();
  }

  /** A message arrived. */
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
