import { setMaxListeners } from "node:events";
import type { Channel, ConsumeMessage } from "amqplib";
import type { Log } from "../../telemetry/log.js";
import type { Consumer } from "../broker.js";
import { describeError } from "../describe-error.js";
import { closeChannel } from "./close-channel.js";
import type { Link } from "./link.js";

/**
 * What the broker is told of a message: it is done, it is to be given again at once, it is dead, or nothing, so that it
 * returns to its queue with the channel.
 */
export type Answer = "ack" | "requeue" | "dead" | "none";

/** How long a message is ours. */
export interface Hold {
  /** Aborted when the channel is lost: the queue has the message back, and will deliver it again. */
  readonly lost: AbortSignal;
  /** Aborted then too, and when the consumer stops: it is time to come to an answer. */
  readonly ending: AbortSignal;
}

/** Handles one message, and never rejects. */
export type MessageHandler = (message: ConsumeMessage, hold: Hold) => Promise<Answer>;

export interface QueueConsumerParts {
  readonly queue: string;
  readonly prefetch: number;
  readonly handle: MessageHandler;
  /** Makes sure that the queue stands, before it is consumed on a new channel. */
  declare(): Promise<void>;
  /** Called when `stop` begins, so that no later connection is given to this consumer. */
  stopped(): void;
}

/** A channel that is being consumed from. */
interface Source {
  readonly channel: Channel;
  readonly consumerTag: string;
  readonly ending: AbortController;
}

/**
 * Consumes one queue with manual acknowledgements, on whatever connection there is. A message whose channel died while it
 * was handled cannot be acknowledged any more; the broker delivers it again.
 */
export class QueueConsumer implements Consumer {
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

  /** Stands on this connection from now on. */
  attach(link: Link): Promise<void> {
    this.#attaching = this.#attach(link);
    return this.#attaching;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #attach(link: Link): Promise<void> {
    if (this.#stopping !== null) return;
    await this.#parts.declare();
    const lost = new AbortController();
    const ending = new AbortController();
    // Each message that is held listens.
    setMaxListeners(0, ending.signal);
    const channel = await link.openChannel(
      (model) => model.createChannel(),
      () => {
        lost.abort();
        ending.abort();
        if (this.#source?.channel === channel) this.#source = null;
        if (this.#stopping === null) link.mend(() => this.attach(link));
      },
    );
    const { queue, prefetch } = this.#parts;
    const hold = { lost: lost.signal, ending: ending.signal };
    await channel.prefetch(prefetch);
    const { consumerTag } = await channel.consume(queue, (message) => this.#receive(channel, message, hold));
    this.#source = { channel, consumerTag, ending };
    this.#log.info({ prefetch }, "consuming");
  }

  #receive(channel: Channel, message: ConsumeMessage | null, hold: Hold): void {
    if (message === null) {
      this.#log.warn("the broker removed the queue");
      // Closing the channel leads to a new one, on a queue that is declared again.
      void closeChannel(channel);
      return;
    }
    // What comes after the stop stays unacknowledged, and returns to the queue with the channel.
    if (this.#stopping !== null) return;
    const handled = this.#handle(channel, message, hold).finally(() => this.#inFlight.delete(handled));
    this.#inFlight.add(handled);
  }

  /** Never rejects. */
  async #handle(channel: Channel, message: ConsumeMessage, hold: Hold): Promise<void> {
    const answer = await this.#parts.handle(message, hold);
    try {
      if (answer === "ack") channel.ack(message);
      else if (answer !== "none") channel.nack(message, false, answer === "requeue");
    } catch (error) {
      this.#log.debug({ reason: describeError(error) }, "the channel closed while a message was handled");
    }
  }

  async #stop(): Promise<void> {
    this.#parts.stopped();
    await this.#attaching.catch(() => {});
    const source = this.#source;
    source?.ending.abort();
    await source?.channel.cancel(source.consumerTag).catch(() => {});
    await Promise.all(this.#inFlight);
    if (source !== null) await closeChannel(source.channel);
    this.#log.info("stopped consuming");
  }
}
