/** Milliseconds between two pings. */
const pingInterval = 12_000;

export interface HeartbeatSocket {
  readonly ping: () => void;
  /** While a socket is paused, pongs may wait among the bytes that are not read. */
  readonly isPaused: () => boolean;
  /** The peer sent nothing between two pings: the connection is dead. */
  readonly onDead: () => void;
}

/** Detects dead connections: a peer that sends neither a message nor a pong between two pings no longer exists. */
export class Heartbeat {
  readonly #timer: NodeJS.Timeout;
  #isAlive = true;

  constructor({ ping, isPaused, onDead }: HeartbeatSocket) {
    this.#timer = setInterval(() => {
      if (!this.#isAlive && !isPaused()) {
        onDead();
        return;
      }
      this.#isAlive = false;
      ping();
    }, pingInterval);
  }

  /** Something was received from the peer. */
  markAlive(): void {
    this.#isAlive = true;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
