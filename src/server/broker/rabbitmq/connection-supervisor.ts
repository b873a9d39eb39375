import type { RabbitMqConfig } from "../../config/config.js";
import { type Log, withoutCredentials } from "../../telemetry/log.js";
import { BrokerRefusedError, BrokerTopologyError } from "../errors.js";
import type { ConnectionState } from "../broker.js";
import { backoffDelay } from "../../scheduling/backoff.js";
import { explainConnectFailure } from "./connect-failure.js";
import { describeError } from "../describe-error.js";
import { pause } from "../../scheduling/pause.js";
import { settlesWithin } from "../../scheduling/timeout.js";
import { OpenConnection, type ConnectionPurpose } from "./connection.js";
import type { Topology } from "./topology.js";

/** The longest delay between two attempts to reconnect, ms: live delivery resumes within 10 s of the broker's return. */
const maxDelay = 8000;

export interface ConnectionParts {
  /** Declared on a new connection before `setUp`. */
  readonly topology: Topology;
  /** Attaches the parts that use the connection (connection-user.ts). Once it resolves, the connection counts as connected. */
  setUp(connection: OpenConnection): Promise<void>;
  /** Called when a memory or disk alarm blocks publishing on this connection, and when it ends. */
  blocked(isBlocked: boolean): void;
}

/**
 * Keeps one connection open: opens it, sets it up, watches it, and opens another one when it is lost.
 *
 *   connecting ──set up──▶ connected ◀──alarm──▶ blocked
 *       ▲  │                   │                    │
 *       │  │too many in a row  └───────lost─────────┘
 *       │  ▼                             │
 *       │ failed (attempts continue)     │        stop(), from any state ──▶ closed
 *       └────────── back-off ◀───────────┘
 *
 * amqplib's own `connectWithRecovery` is not used: it accepts one URL, and hides which connection a channel belongs to, so
 * that there is no telling when to replace the AMQPPubSub, which never gives up its channel.
 */
export class ConnectionSupervisor {
  readonly #purpose: ConnectionPurpose;
  readonly #config: RabbitMqConfig;
  readonly #log: Log;
  readonly #parts: ConnectionParts;
  readonly #random: () => number;
  readonly #closing = new AbortController();
  #state: ConnectionState = "connecting";
  #lastError: string | null = null;
  #nextUrl = 0;
  /** Destroys the socket of the attempt in progress. */
  #attempt: AbortController | null = null;
  /** The open connection, once it is set up. */
  #connection: OpenConnection | null = null;
  #starting: Promise<void> | null = null;
  #supervision: Promise<void> | null = null;

  constructor(
    purpose: ConnectionPurpose,
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

  /** The last failure since the last connect, in one line. */
  get lastError(): string | null {
    return this.#lastError;
  }

  /**
   * Tries every URL once. Resolves after at most `limit` ms; attempts continue in the background.
   * @throws BrokerTopologyError, BrokerRefusedError from this first attempt only: later ones are logged, and retried like any
   * failure
   */
  start(limit: number): Promise<void> {
    this.#starting ??= this.#start(limit);
    return this.#starting;
  }

  /** Closes the connection, in any state; waits for the broker's close-ok for at most `limit` ms. Never rejects. */
  async stop(limit: number): Promise<void> {
    this.#closing.abort();
    this.#state = "closed";
    if (this.#connection === null) this.#attempt?.abort();
    else await this.#connection.close(limit);
    await this.#starting?.catch(() => {});
    await this.#supervision;
  }

  async #start(limit: number): Promise<void> {
    const first = this.#connect();
    if (await settlesWithin(limit, first)) await first;
    else this.#log.warn({ waitedMs: limit }, "starting without the broker: no answer yet");
    this.#supervision = this.#supervise(first.catch(() => null));
  }

  async #supervise(first: Promise<OpenConnection | null>): Promise<void> {
    let connection = await first;
    let failures = 0;
    for (;;) {
      if (connection !== null && (await this.#lasted(connection))) failures = 0;
      if (this.#closing.signal.aborted) return;
      failures += 1;
      this.#failWhenExhausted(failures - 1);
      await this.#wait(failures);
      connection = await this.#connect().catch(() => null);
    }
  }

  /** From then on a process supervisor may restart this process. Attempts continue, since there may be none. */
  #failWhenExhausted(attempts: number): void {
    const { maxReconnectAttempts } = this.#config;
    if (maxReconnectAttempts === 0 || attempts < maxReconnectAttempts || this.#state === "failed") return;
    this.#state = "failed";
    this.#log.fatal({ attempts, reason: this.#lastError }, "broker reconnect attempts exhausted");
  }

  /**
   * Waits until the connection is lost. Resolves to whether it lasted for the reconnect interval: one that is accepted and
   * dropped at once counts as a failure, so that the back-off grows.
   */
  async #lasted(connection: OpenConnection): Promise<boolean> {
    const since = performance.now();
    const reason = await connection.lost;
    this.#connection = null;
    if (this.#closing.signal.aborted) return false;
    this.#state = "connecting";
    this.#lastError = reason === undefined ? "connection closed" : describeError(reason);
    this.#log.warn({ reason: this.#lastError }, "broker connection lost");
    return performance.now() - since >= this.#config.reconnectInterval;
  }

  async #wait(attempt: number): Promise<void> {
    const backoff = { interval: this.#config.reconnectInterval, cap: maxDelay };
    const wait = backoffDelay(attempt, backoff, this.#random());
    this.#log.info({ attempt, delayMs: wait }, "reconnecting to broker");
    await pause(wait, this.#closing.signal);
  }

  /**
   * One attempt: each URL in turn, starting after the last one tried. Null: no URL could be connected to.
   * @throws BrokerTopologyError, BrokerRefusedError
   */
  async #connect(): Promise<OpenConnection | null> {
    const { urls } = this.#config;
    let refusal: BrokerRefusedError | null = null;
    for (const url of [...urls.slice(this.#nextUrl), ...urls.slice(0, this.#nextUrl)]) {
      if (this.#closing.signal.aborted) return null;
      this.#nextUrl = (urls.indexOf(url) + 1) % urls.length;
      try {
        return await this.#open(url);
      } catch (error) {
        if (this.#closing.signal.aborted) return null;
        refusal ??= this.#failed(error, withoutCredentials(url));
      }
    }
    if (refusal !== null) throw refusal;
    return null;
  }

  /**
   * Records a failed attempt. @returns the error to throw if no other URL can be connected to
   * @throws BrokerTopologyError: other nodes of the cluster have the same topology
   */
  #failed(error: unknown, url: string): BrokerRefusedError | null {
    if (error instanceof BrokerTopologyError) {
      this.#lastError = error.message;
      this.#log.error({ url, reason: error.message }, "broker connection failed");
      throw error;
    }
    const { problem, remedy, definite } = explainConnectFailure(error);
    this.#lastError = problem;
    this.#log[definite ? "error" : "warn"]({ url, reason: problem, remedy }, "broker connection failed");
    if (!definite) return null;
    return new BrokerRefusedError(`RabbitMQ at ${url}: ${problem}. ${remedy}`, { cause: error });
  }

  async #open(url: string): Promise<OpenConnection> {
    const attempt = new AbortController();
    this.#attempt = attempt;
    const connection = await OpenConnection.open(url, {
      purpose: this.#purpose,
      config: this.#config,
      topology: this.#parts.topology,
      log: this.#log,
      socket: attempt,
    });
    connection.model.on("blocked", (reason) => this.#setBlocked(connection, reason));
    connection.model.on("unblocked", () => this.#setBlocked(connection, null));
    const lost = connection.lost.then((reason) => {
      throw reason ?? new Error("the connection was closed during its set-up");
    });
    try {
      await Promise.race([this.#setUp(connection), lost]);
      this.#closing.signal.throwIfAborted();
    } catch (error) {
      await connection.close(this.#config.connectionTimeout);
      throw error;
    }
    this.#connection = connection;
    this.#state = "connected";
    this.#lastError = null;
    this.#log.info({ url: withoutCredentials(url) }, "broker connected");
    return connection;
  }

  async #setUp(connection: OpenConnection): Promise<void> {
    await connection.declare();
    await this.#parts.setUp(connection);
  }

  #setBlocked(connection: OpenConnection, reason: string | null): void {
    if (this.#connection !== connection || connection.closing.aborted) return;
    this.#state = reason === null ? "connected" : "blocked";
    if (reason === null) this.#log.info("publishing unblocked by broker");
    else this.#log.warn({ reason }, "publishing blocked by broker");
    this.#parts.blocked(reason !== null);
  }
}
