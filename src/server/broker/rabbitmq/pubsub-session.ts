import { randomUUID } from "node:crypto";
import type { Channel, ConsumeMessage } from "amqplib";
import { AMQPPubSub } from "graphql-amqp-subscriptions";
import { KeyedQueue } from "../../scheduling/keyed-queue.js";
import type { Log } from "../../telemetry/log.js";
import { closeChannel } from "./close-channel.js";
import { describeError } from "../describe-error.js";
import { decodeBody } from "./compression.js";
import type { OpenConnection } from "./connection.js";
import { eventExchange } from "./topology.js";

/**
 * The live queue of a process that reads too slowly drops its oldest messages beyond this length, to protect the broker. The
 * loss shows as a gap in a user's sequence, which is filled from the log.
 */
const liveQueueLength = 10_000;

export interface PubSubSessionEvents {
  message(body: Buffer): void;
  /** A probe arrived: see binding-probe.ts. */
  probe(body: Buffer): void;
  /** Delivery has ended: the channel closed, or the broker deleted a queue. Called once, and not after `close`. */
  ended(): void;
}

/**
 * An AMQPPubSub and its channel. The library never replaces its channel, so that both are discarded together. Each
 * subscription has an exclusive queue of its own.
 */
export class PubSubSession {
  /** The routing key of this session's probes: see binding-probe.ts. */
  readonly probeKey = `probe.${randomUUID()}`;
  readonly #channel: Channel;
  readonly #pubsub: AMQPPubSub;
  readonly #events: PubSubSessionEvents;
  readonly #log: Log;
  readonly #subscriptions = new Map<string, number>();
  /**
   * One call for each key at a time: the library returns from a second subscribe before the first has its queue, and throws a
   * TypeError when it is unsubscribed before that.
   */
  readonly #calls = new KeyedQueue(1);
  #ended = false;

  private constructor(channel: Channel, pubsub: AMQPPubSub, events: PubSubSessionEvents, log: Log) {
    this.#channel = channel;
    this.#pubsub = pubsub;
    this.#events = events;
    this.#log = log;
  }

  static async open(
    connection: OpenConnection,
    events: PubSubSessionEvents,
    log: Log,
  ): Promise<PubSubSession> {
    const channel = await connection.openChannel(
      (model) => model.createChannel(),
      () => session.#end(),
    );
    // The library opens its channel here. It is given ours, so that we are told when it closes.
    const channelSource = {
      serverProperties: connection.model.connection.serverProperties,
      createChannel: () => Promise.resolve(channel),
    };
    const pubsub = new AMQPPubSub({
      connection: channelSource,
      exchange: eventExchange,
      queue: {
        options: {
          exclusive: true,
          durable: false,
          autoDelete: true,
          arguments: { "x-max-length": liveQueueLength },
        },
      },
    });
    const session = new PubSubSession(channel, pubsub, events, log);
    return session;
  }

  /** Resolves when a queue is bound to the key and consumed. Idempotent. */
  subscribe(key: string): Promise<void> {
    return this.#calls.run(key, async () => {
      if (this.#subscriptions.has(key)) return;
      const id = await this.#pubsub.subscribe(key, (_parsed: unknown, message?: ConsumeMessage | null) =>
        this.#receive(key, message ?? null),
      );
      this.#subscriptions.set(key, id);
      this.#log.debug({ key }, "live queue bound");
    });
  }

  /** Cancels a subscription in the background. */
  unsubscribe(key: string): void {
    void this.#calls
      .run(key, async () => {
        const id = this.#subscriptions.get(key);
        // On a closed channel the library throws; the queue was deleted with the connection.
        if (id === undefined || this.#ended) return;
        this.#subscriptions.delete(key);
        await this.#pubsub.unsubscribe(id);
      })
      .catch((error: unknown) =>
        this.#log.debug({ key, reason: describeError(error) }, "live queue not deleted"),
      );
  }

  /** Closes the session, and calls `ended`. */
  fail(): void {
    this.#end();
  }

  /** Closes the session, without a call to `ended`. */
  close(): Promise<void> {
    this.#ended = true;
    return closeChannel(this.#channel);
  }

  /** Must not throw, which would close the channel. null: the broker deleted the queue. */
  #receive(key: string, message: ConsumeMessage | null): void {
    if (this.#ended) return;
    if (message === null) {
      this.#log.warn("live queue deleted by broker");
      this.#end();
      return;
    }
    try {
      if (key === this.probeKey) {
        this.#events.probe(message.content);
        return;
      }
      // The body as parsed by the library is not used: it supports neither compression nor binary data.
      const { content, properties } = message;
      this.#events.message(decodeBody(content, properties.contentEncoding) ?? content);
    } catch (error) {
      this.#log.error({ err: error }, "live listener failed");
    }
  }

  #end(): void {
    if (this.#ended) return;
    void this.close();
    this.#events.ended();
  }
}
