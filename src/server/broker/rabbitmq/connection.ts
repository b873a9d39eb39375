import { hostname } from "node:os";
import { type Channel, type ChannelModel, connect, type SocketOptions } from "amqplib";
import type { RabbitMqConfig } from "../../config/config.js";
import type { Log } from "../../telemetry/log.js";
import { settlesWithin } from "../../scheduling/timeout.js";
import { describeError } from "../describe-error.js";
import { declareTopology, type Topology } from "./topology.js";

/** The broker may block the publishing connection without stopping the consuming one. */
export type ConnectionPurpose = "publishing" | "consuming";

export interface OpenConnectionOptions {
  readonly purpose: ConnectionPurpose;
  readonly config: RabbitMqConfig;
  readonly topology: Topology;
  readonly log: Log;
  /** Aborting it destroys the socket at any time, without closing the AMQP connection. */
  readonly socket: AbortController;
}

/** The socket of a lost connection is destroyed after this many ms: a half-open one would stay for minutes. */
const socketTimeoutAfterLoss = 2000;

/**
 * One open connection, from its handshake until it is lost. The parts that use it (connection-user.ts) open their channels
 * with it, and repair them until `closing` is aborted.
 */
export class OpenConnection {
  readonly model: ChannelModel;
  /** Resolves, with the reason if there is one, when the connection is lost. Never rejects. */
  readonly lost: Promise<Error | undefined>;
  readonly #config: RabbitMqConfig;
  readonly #log: Log;
  readonly #socket: AbortController;
  readonly #topology: Topology;
  readonly #closing = new AbortController();
  #failure: Error | undefined;

  private constructor(model: ChannelModel, { config, topology, log, socket }: OpenConnectionOptions) {
    this.model = model;
    this.#config = config;
    this.#topology = topology;
    this.#log = log;
    this.#socket = socket;
    model.on("error", (error) => {
      this.#failure ??= error;
    });
    // A forced close (320) emits 'close' without 'error'; everything else emits both.
    this.lost = new Promise((resolve) => {
      model.on("close", (error) => {
        this.#closing.abort();
        setTimeout(() => socket.abort(), socketTimeoutAfterLoss).unref();
        resolve(this.#failure ?? error);
      });
    });
  }

  /** Connects to one URL. */
  static async open(url: string, options: OpenConnectionOptions): Promise<OpenConnection> {
    const { purpose, config, socket } = options;
    // net and tls hand `signal` to their socket, but amqplib's types leave it out.
    const socketOptions: SocketOptions & { signal: AbortSignal } = {
      timeout: config.connectionTimeout,
      noDelay: true,
      keepAlive: true,
      clientProperties: { connection_name: `carillon ${purpose} ${hostname()}:${process.pid}` },
      signal: socket.signal,
    };
    const model = await connect(withHeartbeat(url, config.heartbeatSeconds), socketOptions);
    return new OpenConnection(model, options);
  }

  /** Aborted when the connection is lost or is to be closed: nothing on it is repaired any more. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Opens a channel. `closed` is called once, after it closed for any reason, when `closing` is up to date. */
  async openChannel<T extends Channel>(
    create: (model: ChannelModel) => Promise<T>,
    closed: () => void,
  ): Promise<T> {
    const channel = await create(this.model);
    channel.on("error", (error) => this.#log.warn({ reason: describeError(error) }, "channel failed"));
    channel.once("close", () => {
      this.#log.debug("channel closed");
      // A lost connection emits the close events of its channels first, in the same turn, and then its own.
      queueMicrotask(closed);
    });
    this.#log.debug("channel opened");
    return channel;
  }

  /** @throws BrokerTopologyError when an exchange or queue exists with other arguments */
  declare(): Promise<void> {
    return declareTopology(this.model, this.#topology);
  }

  /** Runs a set-up on this connection. If it fails, the connection is closed. */
  run(setUp: () => Promise<void>): void {
    if (this.closing.aborted) return;
    setUp().catch((error: unknown) => this.#closeAfter(error));
  }

  /** Declares the topology again, then runs a set-up, after a channel or a queue was lost. If it fails, the connection is closed. */
  repair(setUp: () => Promise<void>): void {
    this.run(() => this.declare().then(setUp));
  }

  /** Closes it, and waits for the close-ok for at most `limit` ms: during a memory or disk alarm there is none. */
  async close(limit: number): Promise<void> {
    this.#closing.abort();
    await settlesWithin(limit, this.model.close());
    this.#socket.abort();
  }

  /** A failed repair closes the connection, so that one back-off governs all failures. */
  #closeAfter(error: unknown): void {
    if (this.closing.aborted) return;
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
    this.#log.error({ reason: describeError(error) }, "closing broker connection: repair failed");
    void this.close(this.#config.connectionTimeout);
  }
}

/** amqplib reads the heartbeat from the URL; a heartbeat that the URL already has takes precedence. */
function withHeartbeat(url: string, seconds: number): string {
  const parsed = new URL(url);
  if (!parsed.searchParams.has("heartbeat")) parsed.searchParams.set("heartbeat", String(seconds));
  return parsed.href;
}
