import { setTimeout as delay } from "node:timers/promises";
import type { RabbitMqConfig } from "../../config.js";
import { type Log, withoutCredentials } from "../../telemetry/log.js";
import { BrokerTopologyError, type ConnectionState } from "../broker.js";
import { reconnectDelay } from "./backoff.js";
import { describeError } from "../describe-error.js";
import { Link, type Purpose } from "./link.js";
import type { Topology } from "./topology.js";

/** The longest wait between two attempts to reconnect, ms: live delivery is promised within 10 s of the broker's return. */
const longestDelay = 8000;

export interface ConnectionParts {
  /** What is declared on a new connection before anything is built on it. */
  readonly topology: Topology;
  /** Builds what stands on a new connection. Only when it resolves does the connection count as connected. */
  setUp(link: Link): Promise<void>;
  /** A memory or disk alarm holds everything that is published on this connection back, or no longer does. */
  blocked(isBlocked: boolean): void;
}

/**
 * One connection that is kept: it is made, set up, watched, and made again when it is lost.
 *
 *   connecting ──set up──▶ connected ◀──alarm──▶ blocked
 *       ▲  │                   │                    │
 *       │  │too many in a row  └───────lost─────────┘
 *       │  ▼                             │
 *       │ failed (tries on, says so)     │        close(), from anywhere ──▶ closed
 *       └────────── back-off ◀───────────┘
 *
 * amqplib's own `connectWithRecovery` is not used: it knows one URL, hides which connection a channel belongs to, and so
 * could not tell when to replace the AMQPPubSub, whose channel is cached for ever.
 */
export class SupervisedConnection {
  readonly #purpose: Purpose;
  readonly #config: RabbitMqConfig;
  readonly #log: Log;
  readonly #parts: ConnectionParts;
  readonly #random: () => number;
  readonly #closing = new AbortController();
  #state: ConnectionState = "connecting";
  #lastError: string | null = null;
  #nextUrl = 0;
  /** Destroys the socket of the attempt under way. */
  #attempt: AbortController | null = null;
  /** The open connection, once it is set up. */
  #link: Link | null = null;
  #starting: Promise<void> | null = null;
  #supervision: Promise<void> | null = null;

  constructor(
    purpose: Purpose,
    config: RabbitMqConfig,
    log: Log,
    parts: ConnectionParts,
    random: () => number,
  ) {
    this.#purpose = purpose;
    this.#config = config;
    this.#log = log.child({ connection: purpose });
    this.#parts = parts;
    this.#random = random;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** One line on the last failure since the last connect. */
  get lastError(): string | null {
    return this.#lastError;
  }

  /**
   * Tries every URL once, then goes on in the background.
   * @throws BrokerTopologyError from this first attempt only; later it is logged, and tried again like any failure.
   */
  start(): Promise<void> {
    this.#starting ??= this.#connect().then((link) => {
      this.#supervision = this.#supervise(link);
    });
    return this.#starting;
  }

  /** Ends it, whatever it is doing; waits for the broker's goodbye at most `limit` ms. Never rejects. */
  async close(limit: number): Promise<void> {
    this.#closing.abort();
    this.#state = "closed";
    if (this.#link === null) this.#attempt?.abort();
    else await this.#link.close(limit);
    await this.#starting?.catch(() => {});
    await this.#supervision;
  }

  async #supervise(first: Link | null): Promise<void> {
    let link = first;
    let failures = 0;
    for (;;) {
      if (link !== null && (await this.#lasted(link))) failures = 0;
      if (this.#closing.signal.aborted) return;
      failures += 1;
      this.#failWhenExhausted(failures - 1);
      await this.#wait(failures);
      link = await this.#connect().catch(() => null);
    }
  }

  /** From then on a supervisor may restart the process. It goes on trying, for there may be no supervisor. */
  #failWhenExhausted(attempts: number): void {
    const { maxReconnectAttempts } = this.#config;
    if (maxReconnectAttempts === 0 || attempts < maxReconnectAttempts || this.#state === "failed") return;
    this.#state = "failed";
    this.#log.fatal({ attempts, reason: this.#lastError }, "too many attempts to reconnect failed in a row");
  }

  /**
   * Waits until the connection is lost, and says whether it had held for the reconnect interval. One that is accepted and
   * dropped at once counts as a failure, so that the back-off still grows.
   */
  async #lasted(link: Link): Promise<boolean> {
    const since = performance.now();
    const reason = await link.lost;
    this.#link = null;
    if (this.#closing.signal.aborted) return false;
    this.#state = "connecting";
    this.#lastError = reason === undefined ? "the connection closed" : describeError(reason);
    this.#log.warn({ reason: this.#lastError }, "connection lost");
    return performance.now() - since >= this.#config.reconnectInterval;
  }

  async #wait(attempt: number): Promise<void> {
    const backoff = { interval: this.#config.reconnectInterval, cap: longestDelay };
    const wait = reconnectDelay(attempt, backoff, this.#random());
    this.#log.info({ attempt, delayMs: wait }, "reconnecting");
    await delay(wait, undefined, { signal: this.#closing.signal }).catch(() => {});
  }

  /** One attempt: each URL in turn, beginning after the one tried last. Null: none could be connected to. */
  async #connect(): Promise<Link | null> {
    const { urls } = this.#config;
    for (const url of [...urls.slice(this.#nextUrl), ...urls.slice(0, this.#nextUrl)]) {
      if (this.#closing.signal.aborted) return null;
      this.#nextUrl = (urls.indexOf(url) + 1) % urls.length;
      try {
        return await this.#open(url);
      } catch (error) {
        if (this.#closing.signal.aborted) return null;
        this.#lastError = describeError(error);
        const level = error instanceof BrokerTopologyError ? "error" : "warn";
        this.#log[level]({ url: withoutCredentials(url), reason: this.#lastError }, "cannot connect");
        if (error instanceof BrokerTopologyError) throw error;
      }
    }
    return null;
  }

  async #open(url: string): Promise<Link> {
    const attempt = new AbortController();
    this.#attempt = attempt;
    const link = await Link.open(url, {
      purpose: this.#purpose,
      config: this.#config,
      topology: this.#parts.topology,
      log: this.#log,
      socket: attempt,
    });
    link.model.on("blocked", (reason) => this.#setBlocked(link, reason));
    link.model.on("unblocked", () => this.#setBlocked(link, null));
    const lost = link.lost.then((reason) => {
      throw reason ?? new Error("the connection closed while it was set up");
    });
    try {
      await Promise.race([this.#setUp(link), lost]);
      this.#closing.signal.throwIfAborted();
    } catch (error) {
      await link.close(this.#config.connectionTimeout);
      throw error;
    }
    this.#link = link;
    this.#state = "connected";
    this.#lastError = null;
    this.#log.info({ url: withoutCredentials(url) }, "connected");
    return link;
  }

  async #setUp(link: Link): Promise<void> {
    await link.declare();
    await this.#parts.setUp(link);
  }

  #setBlocked(link: Link, reason: string | null): void {
    if (this.#link !== link || link.ended.aborted) return;
    this.#state = reason === null ? "connected" : "blocked";
    if (reason === null) this.#log.info("unblocked by the broker");
    else this.#log.warn({ reason }, "blocked by the broker");
    this.#parts.blocked(reason !== null);
  }
}
