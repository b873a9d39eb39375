import { hostname } from "node:os";
import { type Channel, type ChannelModel, connect, type SocketOptions } from "amqplib";
import type { RabbitMqConfig } from "../../config.js";
import type { Log } from "../../telemetry/log.js";
import { settledWithin } from "../within.js";
import { describeError } from "../describe-error.js";
import { declareTopology, type Topology } from "./topology.js";

/** What a connection is for; the broker may block the one that publishes without stopping the one that consumes. */
export type Purpose = "publishing" | "consuming";

export interface LinkOptions {
  readonly purpose: Purpose;
  readonly config: RabbitMqConfig;
  readonly topology: Topology;
  readonly log: Log;
  /** Aborting it destroys the connection, at any time, without a goodbye. */
  readonly socket: AbortController;
}

/** After a lost connection its socket is destroyed this many ms later: a half-open one would linger for minutes. */
const lingerAfterLoss = 2000;

/**
 * One open connection, from its handshake until it is lost. What stands on it (publisher, live queue, consumers) opens
 * channels through it, mends them while it lives, and lets go once `ended` is aborted.
 */
export class Link {
  readonly model: ChannelModel;
  /** Settles, with the reason if there is one, when the connection is gone. Never rejects. */
  readonly lost: Promise<Error | undefined>;
  readonly #config: RabbitMqConfig;
  readonly #log: Log;
  readonly #socket: AbortController;
  readonly #topology: Topology;
  readonly #ended = new AbortController();
  #failure: Error | undefined;

  private constructor(model: ChannelModel, { config, topology, log, socket }: LinkOptions) {
    this.model = model;
    this.#config = config;
    this.#topology = topology;
    this.#log = log;
    this.#socket = socket;
    model.on("error", (error) => {
      this.#failure ??= error;
    });
    // A forced close (320) brings 'close' without 'error'; everything else brings both.
    this.lost = new Promise((resolve) => {
      model.on("close", (error) => {
        this.#ended.abort();
        setTimeout(() => socket.abort(), lingerAfterLoss).unref();
        resolve(this.#failure ?? error);
      });
    });
  }

  /** Connects to one URL. */
  static async open(url: string, options: LinkOptions): Promise<Link> {
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
    return new Link(model, options);
  }

  /** Aborted when the connection is lost or about to be closed: nothing on it is to be made again. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** Opens a channel; `closed` is called once, after it closed for whatever reason, when `ended` is up to date. */
  async openChannel<T extends Channel>(
    create: (model: ChannelModel) => Promise<T>,
    closed: () => void,
  ): Promise<T> {
    const channel = await create(this.model);
    channel.on("error", (error) => this.#log.warn({ reason: describeError(error) }, "channel failed"));
    channel.once("close", () => {
      this.#log.debug("channel closed");
      // A dying connection closes its channels first, in the same turn, and says only then that it is gone.
      queueMicrotask(closed);
    });
    this.#log.debug("channel opened");
    return channel;
  }

  /** @throws BrokerTopologyError when something stands with other arguments. */
  declare(): Promise<void> {
    return declareTopology(this.model, this.#topology);
  }

  /** Makes something more on this connection; if that fails, the connection is given up. */
  add(make: () => Promise<void>): void {
    if (this.ended.aborted) return;
    make().catch((error: unknown) => this.#drop(error));
  }

  /** Makes again what a channel or a queue took along, on this connection; if that fails, the connection is given up. */
  mend(again: () => Promise<void>): void {
    this.add(() => this.declare().then(again));
  }

  /** Says goodbye and waits for the answer at most `limit` ms: under a memory or disk alarm there is none. */
  async close(limit: number): Promise<void> {
    this.#ended.abort();
    await settledWithin(limit, this.model.close());
    this.#socket.abort();
  }

  /** One back-off governs all failures: what cannot be mended takes the connection down and is made with the next. */
  #drop(error: unknown): void {
    if (this.ended.aborted) return;
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
    this.#log.error(
      { reason: describeError(error) },
      "giving the connection up: it could not be set up again",
    );
    void this.close(this.#config.connectionTimeout);
  }
}

/** amqplib reads the heartbeat from the URL; one that is written there wins. */
function withHeartbeat(url: string, seconds: number): string {
  const parsed = new URL(url);
  if (!parsed.searchParams.has("heartbeat")) parsed.searchParams.set("heartbeat", String(seconds));
  return parsed.href;
}
