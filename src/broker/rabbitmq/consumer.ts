import type { Channel, ConsumeMessage } from "amqplib";
import type { Log } from "../../telemetry/log.js";
import type { ConsumeOptions, Consumer, Delivery, WorkQueue } from "../broker.js";
import { closeChannel } from "./close-channel.js";
import { describeError } from "./describe-error.js";
import type { Link } from "./link.js";

/** A channel that is being consumed from. */
interface Source {
  readonly channel: Channel;
  readonly consumerTag: string;
}

/**
 * Consumes one work queue with manual acknowledgements, on whatever connection there is. A message whose channel died
 * while it was handled cannot be acknowledged any more; the broker delivers it again.
 */
export class WorkConsumer implements Consumer {
  readonly #queue: WorkQueue;
  readonly #handler: (delivery: Delivery) => Promise<void>;
  readonly #options: ConsumeOptions;
  readonly #log: Log;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #stopped: () => void;
  #source: Source | null = null;
  #attaching: Promise<void> = Promise.resolve();
  #stopping: Promise<void> | null = null;

  /** @param stopped called when `stop` begins, so that no later connection is given to this consumer */
  constructor(
    queue: WorkQueue,
    handler: (delivery: Delivery) => Promise<void>,
    options: ConsumeOptions,
    log: Log,
    stopped: () => void,
  ) {
    this.#queue = queue;
    this.#handler = handler;
    this.#options = options;
    this.#log = log.child({ queue });
    this.#stopped = stopped;
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
    const channel = await link.openChannel(
      (model) => model.createChannel(),
      () => {
        if (this.#source?.channel === channel) this.#source = null;
        if (this.#stopping === null) link.mend(() => this.attach(link));
      },
    );
    await channel.prefetch(this.#options.prefetch);
    const { consumerTag } = await channel.consume(this.#queue, (message) => this.#receive(channel, message));
    this.#source = { channel, consumerTag };
    this.#log.info({ prefetch: this.#options.prefetch }, "consuming");
  }

  #receive(channel: Channel, message: ConsumeMessage | null): void {
    if (message === null) {
      this.#log.warn("the broker removed the queue");
      // Closing the channel leads to a new one, on a queue that is declared again.
      void closeChannel(channel);
      return;
    }
    // What comes after the stop stays unacknowledged, and returns to the queue with the channel.
    if (this.#stopping !== null) return;
    const handled = this.#handle(channel, message).finally(() => this.#inFlight.delete(handled));
    this.#inFlight.add(handled);
  }

  /** Never rejects. */
  async #handle(channel: Channel, message: ConsumeMessage): Promise<void> {
    const delivery = toDelivery(message);
    this.#log.debug({ event: delivery.id, redelivered: delivery.redelivered }, "handling");
    try {
      await this.#handler(delivery);
    } catch (error) {
      this.#log.warn({ event: delivery.id, err: error }, "not handled: to the dead letters");
      this.#answer(() => channel.nack(message, false, false));
      return;
    }
    this.#answer(() => channel.ack(message));
  }

  #answer(send: () => void): void {
    try {
      send();
    } catch (error) {
      this.#log.debug({ reason: describeError(error) }, "the channel closed while a message was handled");
    }
  }

  async #stop(): Promise<void> {
    this.#stopped();
    await this.#attaching.catch(() => {});
    const source = this.#source;
    await source?.channel.cancel(source.consumerTag).catch(() => {});
    await Promise.all(this.#inFlight);
    if (source !== null) await closeChannel(source.channel);
    this.#log.info("stopped consuming");
  }
}

function toDelivery({ content, fields, properties }: ConsumeMessage): Delivery {
  return {
    id: typeof properties.messageId === "string" ? properties.messageId : "",
    type: typeof properties.type === "string" ? properties.type : "",
    redelivered: fields.redelivered,
    body: content,
  };
}
