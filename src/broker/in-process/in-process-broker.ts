import type { Log } from "../../telemetry/log.js";
import {
  type Broker,
  type BrokerHealth,
  type BrokerMessage,
  BrokerUnavailableError,
  type ConnectionState,
  type ConsumeOptions,
  type Consumer,
  type Delivery,
  type LiveListener,
  type WorkQueue,
} from "../broker.js";
import { settledWithin } from "../within.js";
import { InProcessWorkQueue } from "./work-queue.js";

/** A work queue holds this many messages that no consumer has taken; then it drops its oldest. */
const queueBound = 100_000;

/** How long closing waits for the messages that are being handled, ms. */
const closeTimeout = 5000;

/**
 * The broker of a service that is one process: nothing leaves it, and nothing outlives it. It differs from RabbitMQ in that
 *
 * - a work queue exists from its first consumer on: what is published before that is not kept for anyone;
 * - `publish` resolves although a crash loses the message, whose event then comes again from the log;
 * - a rejected message is logged and gone, since there is no dead-letter queue; and priorities change nothing.
 */
export class InProcessBroker implements Broker {
  readonly #log: Log;
  readonly #queues = new Map<WorkQueue, InProcessWorkQueue>();
  #listener: LiveListener | null = null;
  #state: ConnectionState = "connecting";
  #closing: Promise<void> | null = null;

  constructor(log: Log) {
    this.#log = log.child({ part: "broker" });
  }

  async start(): Promise<void> {
    if (this.#state !== "connecting") return;
    this.#state = "connected";
    this.#tell((listener) => listener.resumed());
  }

  listen(listener: LiveListener): void {
    this.#listener = listener;
  }

  /** Every message reaches the listener, watched or not. */
  async watch(): Promise<void> {}

  unwatch(): void {}

  async publish(message: BrokerMessage): Promise<void> {
    if (this.#state !== "connected") throw new BrokerUnavailableError("the broker is not running");
    const { id, type, body } = message;
    // As over a network: the publisher goes on before anyone hears of the message.
    setImmediate(() => {
      if (this.#state !== "connected") return;
      this.#tell((listener) => listener.message(body));
      this.#queues.get(message.routingKey)?.add({ id, type, redelivered: false, body });
    });
    this.#log.debug({ event: id, type, queue: message.routingKey }, "published");
  }

  consume(
    queue: WorkQueue,
    handler: (delivery: Delivery) => Promise<void>,
    options: ConsumeOptions,
  ): Consumer {
    return this.#queue(queue).consume(handler, options);
  }

  health(): BrokerHealth {
    return {
      kind: "in-process",
      healthy: this.#state === "connected",
      exhausted: false,
      publishing: this.#state,
      consuming: this.#state,
      unconfirmed: 0,
      lastError: null,
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#state = "closed";
    const queues = [...this.#queues.values()];
    await settledWithin(closeTimeout, Promise.all(queues.map((queue) => queue.close())));
  }

  #queue(name: WorkQueue): InProcessWorkQueue {
    const existing = this.#queues.get(name);
    if (existing !== undefined) return existing;
    const queue = new InProcessWorkQueue(queueBound, {
      overflowed: ({ id }) =>
        this.#log.warn({ queue: name, event: id }, "queue full: its oldest was dropped"),
      rejected: ({ id }, err) => this.#log.warn({ queue: name, event: id, err }, "not handled: dropped"),
    });
    this.#queues.set(name, queue);
    return queue;
  }

  #tell(call: (listener: LiveListener) => void): void {
    if (this.#listener === null) return;
    try {
      call(this.#listener);
    } catch (error) {
      this.#log.error({ err: error }, "the live listener threw");
    }
  }
}
