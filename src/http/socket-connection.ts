import { randomUUID } from "node:crypto";
import type { WebSocket } from "ws";
import type { Viewer } from "../auth/viewer.js";
import type { Log } from "../telemetry/log.js";
import { closeCodes } from "./close-codes.js";
import type { Connection } from "./dependencies.js";

/** A ping goes out this often (ms); a peer that was silent from one to the next is dead. */
const heartbeat = 12_000;

/** How long (ms) a peer may take to answer our close frame. */
const closeTimeout = 5000;

/** Bytes that may wait to be read by the peer before it counts as too slow. The feed has closer limits of its own. */
const maxBuffered = 16 * 1024 * 1024;

/** The longest delay that setTimeout knows (ms): a longer one would fire at once. */
const longestDelay = 2 ** 31 - 1;

export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/**
 * One WebSocket and its life:
 *
 *     open ──admit(viewer)──▶ admitted ──close()──▶ closing ──peer answers, or 5 s──▶ gone
 *       └───────────────close()──────────────────────▲  the peer closes or dies ─────▶
 *
 * From `closing` on nothing is sent and nothing is heard, and `closed` has resolved, so that the operations end at once
 * rather than go on working for a socket that takes nothing any more. From the token's expiry on nothing is sent either.
 */
export class SocketConnection implements Connection {
  readonly id = randomUUID();
  readonly log: Log;
  /** Resolves when the peer has shown a good token; never, if it does not. */
  readonly admitted: Promise<void>;
  /** Resolves when the socket begins to close, by whomever. */
  readonly closed: Promise<Closing>;
  /** Resolves when the socket is closed. */
  readonly gone: Promise<void>;
  readonly #socket: WebSocket;
  readonly #heartbeat: NodeJS.Timeout;
  #resolveAdmitted: () => void = () => {};
  #resolveClosed: (closing: Closing) => void = () => {};
  #isClosing = false;
  #isAlive = true;
  #viewer: Viewer | null = null;
  #expiry: NodeJS.Timeout | undefined;
  #operations = 0;

  constructor(socket: WebSocket, log: Log) {
    this.log = log.child({ connection: this.id });
    this.#socket = socket;
    this.admitted = new Promise((resolve) => {
      this.#resolveAdmitted = resolve;
    });
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.gone = new Promise((resolve) => {
      socket.once("close", (code, reason) => {
        this.#end(code, reason.toString());
        resolve();
      });
    });
    socket.on("error", (error) => this.log.info({ err: error }, "a socket failed"));
    socket.on("pong", () => {
      this.#isAlive = true;
    });
    socket.on("ping", () => this.#closeWhenFlooded());
    this.#heartbeat = setInterval(() => this.#beat(), heartbeat);
  }

  /** null until the peer has shown a good token. */
  get viewer(): Viewer | null {
    return this.#viewer;
  }

  get protocol(): string {
    return this.#socket.protocol;
  }

  /** The socket belongs to this viewer from now on, until the token expires. */
  admit(viewer: Viewer): void {
    this.#viewer = viewer;
    this.#resolveAdmitted();
    this.#closeWhenExpired();
  }

  /** A name for the next operation, for the log. */
  nextRequestId(): string {
    this.#operations += 1;
    return `${this.id}/${this.#operations}`;
  }

  /** Hands over every message until the socket begins to close. A listener that rejects closes the socket. */
  onMessage(listener: (data: string) => Promise<void>): void {
    this.#socket.on("message", (data: Buffer) => {
      this.#isAlive = true;
      if (this.#isClosing) return;
      listener(data.toString()).catch((error: unknown) => {
        this.log.error({ err: error }, "a message on a socket could not be handled");
        this.close(closeCodes.tryAgainLater, "Internal error");
      });
    });
  }

  /** Resolves when the message was handed to the system, or when there is no longer anybody to send it to. Never rejects. */
  async send(data: string): Promise<void> {
    this.#closeWhenExpired();
    this.#closeWhenFlooded();
    if (this.#isClosing) return;
    await new Promise<void>((resolve) => {
      this.#socket.send(data, () => resolve());
    });
  }

  /** Only the first call counts. */
  close(code: number, reason: string): void {
    if (this.#isClosing) return;
    this.#end(code, reason);
    this.#socket.close(code, reason);
    const timer = setTimeout(() => this.terminate(), closeTimeout);
    this.#socket.once("close", () => clearTimeout(timer));
  }

  /** Ends the socket without a word. */
  terminate(): void {
    this.#socket.terminate();
  }

  #end(code: number, reason: string): void {
    this.#isClosing = true;
    clearInterval(this.#heartbeat);
    clearTimeout(this.#expiry);
    this.#resolveClosed({ code, reason });
  }

  #beat(): void {
    if (!this.#isAlive) {
      this.terminate();
      return;
    }
    this.#isAlive = false;
    this.#socket.ping();
  }

  #closeWhenExpired(): void {
    if (this.#viewer === null || this.#isClosing) return;
    const left = this.#viewer.expiresAt - Date.now();
    if (left <= 0) {
      this.close(closeCodes.tokenExpired, "The token has expired");
      return;
    }
    this.#expiry ??= setTimeout(
      () => {
        this.#expiry = undefined;
        this.#closeWhenExpired();
      },
      Math.min(left, longestDelay),
    );
  }

  #closeWhenFlooded(): void {
    if (this.#isClosing || this.#socket.bufferedAmount <= maxBuffered) return;
    this.log.info({ buffered: this.#socket.bufferedAmount }, "a client reads too slowly");
    this.close(closeCodes.tryAgainLater, "Too slow");
  }
}
