import { setMaxListeners } from "node:events";
import type { Channel, ConsumeMessage } from "amqplib";
import type { Log } from "../../telemetry/log.js";
import type { Consumer } from "../work-queues.js";
import { describeError } from "../describe-error.js";
import { settlesWithin } from "../../scheduling/timeout.js";
import { closeChannel } from "./close-channel.js";
import type { ConnectionUser } from "./connection-user.js";
import type { OpenConnection } from "./connection.js";

/**
 * The answer to the broker: acknowledge, deliver again at once, dead-letter, or none, so that the message returns to its
 * queue when the channel closes.
 */
export type Answer = "ack" | "requeue" | "dead" | "none";

/** How long a message belongs to its handler. */
export interface MessageLifetime {
  /** Aborted when the channel is lost: the message has returned to its queue, and is delivered again. */
  readonly lost: AbortSignal;
  /** Aborted when the channel is lost or the consumer stops: the handler has to finish. */
  readonly stopping: AbortSignal;
}

/** Handles one message, and never rejects. */
export type MessageHandler = (message: ConsumeMessage, lifetime: MessageLifetime) => Promise<Answer>;

export interface QueueConsumerParts {
  readonly queue: string;
  readonly prefetch: number;
  readonly handle: MessageHandler;
  /** Declares the queue, before it is consumed on a new channel. */
  declare(): Promise<void>;
  /** Called when `stop` is called, so that the consumer is not attached to a later connection. */
  stopped(): void;
}

/** How long each step of `stop` waits for the broker, ms. The close of the connection has the same effect. */
const answerTimeout = 1000;

/** A consumed channel. */
interface Source {
  readonly channel: Channel;
  readonly consumerTag: string;
  readonly stopping: AbortController;
}

/**
 * Consumes one queue with manual acknowledgements, on one connection after another. A message whose channel closed while it
 * was being handled can no longer be acknowledged; the broker delivers it again.
 */
export class QueueConsumer implements Consumer, ConnectionUser {
  readonly #parts: QueueConsumerParts;
  readonly #log: Log;
  readonly #inFlight = new Set<Promise<void>>();
  #source: Source | null = null;
  #attaching: Promise<void> = Promise.resolve();
  #stopping: Promise<void> | null = null;

  constructor(parts: QueueConsumerParts, log: Log) {
    this.#parts = parts;
    this.#log = log.child({ queue: parts.queue });
  }

  attach(connection: OpenConnection): Promise<void> {
    this.#attaching = this.#attach(connection);
    return this.#attaching;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #attach(connection: OpenConnection): Promise<void> {
    if (this.#stopping !== null) return;
    await this.#parts.declare();
    const lost = new AbortController();
    const stopping = new AbortController();
    // Each message being handled adds a listener.
    setMaxListeners(0, stopping.signal);
    const channel = await connection.openChannel(
      (model) => model.createChannel(),
      () => {
        lost.abort();
        stopping.abort();
        if (this.#source?.channel === channel) this.#source = null;
        if (this.#stopping === null) connection.repair(() => this.attach(connection));
      },
    );
    const { queue, prefetch } = this.#parts;
    const lifetime = { lost: lost.signal, stopping: stopping.signal };
    await channel.prefetch(prefetch);
    const { consumerTag } = await channel.consume(queue, (message) =>
      this.#receive(channel, message, lifetime),
    );
    if (this.#stopping !== null) {
      void closeChannel(channel);
      return;
    }
    this.#source = { channel, consumerTag, stopping };
    this.#log.info({ prefetch }, "queue consumer started");
  }

  #receive(channel: Channel, message: ConsumeMessage | null, lifetime: MessageLifetime): void {
    if (message === null) {
      this.#log.warn("queue deleted by broker");
      // The closed channel is repaired, which declares the queue again.
      void closeChannel(channel);
      return;
    }
    // A message that arrives after the stop stays unacknowledged, and returns to the queue with the channel.
    if (this.#stopping !== null) return;
    const handled = this.#handle(channel, message, lifetime).finally(() => this.#inFlight.delete(handled));
    this.#inFlight.add(handled);
  }

  /** Never rejects. */
  async #handle(channel: Channel, message: ConsumeMessage, lifetime: MessageLifetime): Promise<void> {
    const answer = await this.#parts.handle(message, lifetime);
    try {
      if (answer === "ack") channel.ack(message);
      else if (answer !== "none") channel.nack(message, false, answer === "requeue");
    } catch (error) {
      this.#log.debug({ reason: describeError(error) }, "message not acknowledged: channel closed");
    }
  }

  async #stop(): Promise<void> {
    this.#parts.stopped();
    await settlesWithin(answerTimeout, this.#attaching);
    const source = this.#source;
    source?.stopping.abort();
    if (source !== null) await settlesWithin(answerTimeout, source.channel.cancel(source.consumerTag));
    await Promise.all(this.#inFlight);
    if (source !== null) await settlesWithin(answerTimeout, closeChannel(source.channel));
    this.#log.info("queue consumer stopped");
  }
}
