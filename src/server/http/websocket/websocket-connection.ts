import { randomUUID } from "node:crypto";
import type { WebSocket } from "ws";
import type { Viewer } from "../../auth/viewer.js";
import type { Log } from "../../telemetry/log.js";
import type { BufferedBytes } from "../buffering/buffered-bytes.js";
import type { ConnectionLimits } from "../connection-limits.js";
import type { Connection } from "../server-options.js";
import { closeCodes } from "./close-codes.js";
import { Heartbeat } from "./heartbeat.js";
import type { InboundRateLimit } from "./inbound-rate-limit.js";
import { UnreadMessages } from "./slow-subscriber.js";
import { TokenExpiry } from "./token-expiry.js";

/** Milliseconds that a peer has to answer our close frame. */
const closeTimeout = 5000;

/** Milliseconds that a peer that sends too much has to read our close frame. */
const floodTimeout = 1000;

/** Bytes that each message counts in addition to its size, for its overhead in memory and in processing time. */
const messageOverhead = 1024;

/** The maximum length of a close reason in bytes (RFC 6455, section 5.5). */
const maxReasonBytes = 123;

export interface CloseReason {
  readonly code: number;
  readonly reason: string;
}

export interface SocketOptions {
  /** The client's address, see client-address.ts. */
  readonly address: string;
  /** The unread bytes of all connections. */
  readonly outgoing: BufferedBytes;
  readonly inboundRate: InboundRateLimit;
  readonly limits: Pick<ConnectionLimits, "bufferedBytesPerSocket" | "bytesBeforeToken">;
  readonly log: Log;
}

/**
 * One WebSocket and its states:
 *
 *     open ──authenticate(viewer)──▶ authenticated ──close()──▶ closing ──peer answers, or 5 s──▶ closed
 *       └───────────────close()──────────────────────────────────▲  the peer closes or dies ─────▶
 *
 * From `closing` on nothing is sent and received messages are ignored. The promise `closing` has resolved, so that operations end
 * immediately. After the token has expired nothing is sent either.
 */
export class WebSocketConnection implements Connection {
  readonly id = randomUUID();
  readonly log: Log;
  /** Resolves when the peer has sent a token; it is not checked yet. May never resolve. */
  readonly tokenReceived: Promise<void>;
  /** Resolves when the peer's token has been accepted. May never resolve. */
  readonly authenticated: Promise<void>;
  /** Resolves when either side begins to close the socket. */
  readonly closing: Promise<CloseReason>;
  /** Resolves when the socket is closed. */
  readonly closed: Promise<void>;
  readonly #socket: WebSocket;
  readonly #options: SocketOptions;
  readonly #heartbeat: Heartbeat;
  readonly #unread: UnreadMessages;
  #resolveTokenReceived: () => void = () => {};
  #resolveAuthenticated: () => void = () => {};
  #resolveClosing: (closing: CloseReason) => void = () => {};
  #isClosing = false;
  #viewer: Viewer | null = null;
  #expiry: TokenExpiry | undefined;
  #pause: NodeJS.Timeout | undefined;
  #operations = 0;
  #hasUnreadPong = false;
  #receivedBytes = 0;

  constructor(socket: WebSocket, options: SocketOptions) {
    this.log = options.log.child({ connection: this.id });
    this.#socket = socket;
    this.#options = options;
    this.tokenReceived = new Promise((resolve) => {
      this.#resolveTokenReceived = resolve;
    });
    this.authenticated = new Promise((resolve) => {
      this.#resolveAuthenticated = resolve;
    });
    this.closing = new Promise((resolve) => {
      this.#resolveClosing = resolve;
    });
    this.closed = new Promise((resolve) => {
      socket.once("close", (code, reason) => {
        this.#stop(code, reason.toString());
        resolve();
      });
    });
    this.#heartbeat = new Heartbeat({
      ping: () => socket.ping(),
      isPaused: () => socket.isPaused,
      onDead: () => this.#terminateDead(),
    });
    this.#unread = new UnreadMessages({
      address: options.address,
      outgoing: options.outgoing,
      limits: options.limits,
      onSocketLimit: (bufferedBytes) => this.#closeSlow(bufferedBytes),
      onSharedLimit: (bufferedBytes) => {
        this.log.info({ bufferedBytes, limit: "shared" }, "slow subscriber disconnected");
        this.terminate();
      },
    });
    socket.on("error", (error) => this.log.info({ err: error }, "socket failed"));
    socket.on("ping", () => this.#limitRate(messageOverhead));
    socket.on("pong", () => {
      this.#heartbeat.markAlive();
      this.#limitRate(messageOverhead);
    });
  }

  /** null until the peer's token has been accepted. */
  get viewer(): Viewer | null {
    return this.#viewer;
  }

  get protocol(): string {
    return this.#socket.protocol;
  }

  /** The peer has sent a token. */
  markTokenReceived(): void {
    this.#resolveTokenReceived();
  }

  /** Counts bytes from the peer: their number is limited before the token has been accepted, their rate after it. */
  countReceived(bytes: number): void {
    if (this.#isClosing) return;
    this.#receivedBytes += bytes;
    if (this.#viewer !== null || this.#receivedBytes <= this.#options.limits.bytesBeforeToken) {
      this.#limitRate(bytes);
      return;
    }
    this.log.info("socket closed: too many bytes before a token");
    this.close(closeCodes.policyViolation, "Too many bytes were sent before a token");
    // Its answer to the close frame is not read either.
    this.#socket.pause();
    setTimeout(() => this.terminate(), floodTimeout);
  }

  /** Assigns the socket to this viewer until the token expires. */
  authenticate(viewer: Viewer): void {
    this.#viewer = viewer;
    this.#expiry = new TokenExpiry(viewer.expiresAt, () => {
      this.close(closeCodes.tokenExpired, "The token has expired");
    });
    this.#resolveAuthenticated();
    this.#closeIfExpired();
  }

  /** An id for the next operation, for the log. */
  nextRequestId(): string {
    this.#operations += 1;
    return `${this.id}/${this.#operations}`;
  }

  /** Passes on each message until the socket begins to close. If the listener rejects, the socket is closed. */
  onMessage(listener: (data: string) => Promise<void>): void {
    this.#socket.on("message", (data: Buffer) => {
      this.#heartbeat.markAlive();
      if (this.#isClosing) return;
      this.#limitRate(messageOverhead);
      listener(data.toString()).catch((error: unknown) => {
        if (isUnexpectedMessage(error)) {
          this.close(closeCodes.badRequest, "Invalid message received");
          return;
        }
        this.log.error({ err: error }, "socket message failed");
        this.close(closeCodes.tryAgainLater, "Internal error");
      });
    });
  }

  /** Resolves when the operating system has taken the message, or when the socket is closing. Never rejects. */
  async send(data: string): Promise<void> {
    this.#closeIfExpired();
    if (this.#isClosing) return;
    const handedOver = new Promise<void>((resolve) => {
      this.#socket.send(data, () => resolve());
    });
    if (this.#socket.bufferedAmount > 0) await this.#unread.track(data.length + messageOverhead, handedOver);
    else await handedOver;
  }

  /** Answers a ping, unless the answer to an earlier one is still unread (allowed by RFC 6455, section 5.5.3). */
  async pong(message: string): Promise<void> {
    if (this.#hasUnreadPong) return;
    this.#hasUnreadPong = true;
    await this.send(message);
    this.#hasUnreadPong = false;
  }

  /** Closes the socket. Calls after the first have no effect. */
  close(code: number, reason: string): void {
    if (this.#isClosing) return;
    this.#stop(code, reason);
    this.#socket.resume();
    this.#socket.close(code, truncateToBytes(reason, maxReasonBytes));
    const timer = setTimeout(() => this.terminate(), closeTimeout);
    this.#socket.once("close", () => clearTimeout(timer));
  }

  /** Closes the socket without waiting for the peer's answer. */
  closeImmediately(code: number, reason: string): void {
    this.close(code, reason);
    this.terminate();
  }

  /** Destroys the socket without a close frame. */
  terminate(): void {
    this.#socket.terminate();
  }

  #stop(code: number, reason: string): void {
    this.#isClosing = true;
    this.#heartbeat.stop();
    this.#expiry?.stop();
    clearTimeout(this.#pause);
    this.#resolveClosing({ code, reason });
  }

  /** Stops reading for a while when the peer sends faster than allowed. */
  #limitRate(bytes: number): void {
    const delay = this.#options.inboundRate.take(bytes);
    if (delay === 0 || this.#isClosing || this.#socket.isPaused) return;
    this.#socket.pause();
    this.#pause = setTimeout(() => {
      this.#heartbeat.markAlive();
      this.#socket.resume();
    }, delay);
  }

  #terminateDead(): void {
    this.log.info("dead connection terminated");
    this.terminate();
  }

  #closeIfExpired(): void {
    if (!this.#isClosing) this.#expiry?.check();
  }

  #closeSlow(bufferedBytes: number): void {
    if (this.#isClosing) return;
    this.log.info({ bufferedBytes, limit: "socket" }, "slow subscriber disconnected");
    this.close(closeCodes.tryAgainLater, "Too slow");
  }
}

/** graphql-ws throws an Error without a class of its own when a client sends a message that only a server may send. */
function isUnexpectedMessage(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("Unexpected message of type ");
}

/** The longest beginning of a text that fits into `maxBytes` of UTF-8 without splitting a character. */
function truncateToBytes(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(maxBytes));
  return text.slice(0, read);
}
