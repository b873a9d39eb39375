import { randomUUID } from "node:crypto";
import type { Channel, ConsumeMessage } from "amqplib";
import { AMQPPubSub } from "graphql-amqp-subscriptions";
import type { Log } from "../../telemetry/log.js";
import { closeChannel } from "./close-channel.js";
import { describeError } from "../describe-error.js";
import { decodeBody } from "./compression.js";
import type { Link } from "./link.js";
import { eventExchange } from "./topology.js";

/**
 * A live queue of a process that reads too slowly drops its oldest messages beyond this, to protect the broker. The loss
 * shows as a hole in a user's sequence, and the log fills it.
 */
const liveQueueLength = 10_000;

export interface LiveSessionEvents {
  message(body: Buffer): void;
  /** Nothing arrives any more: the channel closed, or the broker removed a queue. Called once, and not after `close`. */
  ended(): void;
}

/**
 * One life of an AMQPPubSub, which serves one channel and never another: it keeps its channel for ever, so with the
 * channel it is thrown away whole. Each subscription is an exclusive queue of its own.
 */
export class LiveSession {
  /** A key of this session's own. What comes under it is no event: see live-probe.ts. */
  readonly probeKey = `probe.${randomUUID()}`;
  readonly #channel: Channel;
  readonly #pubsub: AMQPPubSub;
  readonly #events: LiveSessionEvents;
  readonly #log: Log;
  readonly #subscriptions = new Map<string, number>();
  readonly #turns = new Map<string, Promise<void>>();
  #ended = false;

  private constructor(channel: Channel, pubsub: AMQPPubSub, events: LiveSessionEvents, log: Log) {
    this.#channel = channel;
    this.#pubsub = pubsub;
    this.#events = events;
    this.#log = log;
  }

  static async open(link: Link, events: LiveSessionEvents, log: Log): Promise<LiveSession> {
    const channel = await link.openChannel(
      (model) => model.createChannel(),
      () => session.#end(),
    );
    // The library asks for its channel here; giving it ours tells us when that closes.
    const connection = {
      serverProperties: link.model.connection.serverProperties,
      createChannel: () => Promise.resolve(channel),
    };
    const pubsub = new AMQPPubSub({
      connection,
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
    const session = new LiveSession(channel, pubsub, events, log);
    return session;
  }

  /** Resolves when a queue is bound to the key and consumed. Subscribed already: nothing happens. */
  subscribe(key: string): Promise<void> {
    return this.#inTurn(key, async () => {
      if (this.#subscriptions.has(key)) return;
      const id = await this.#pubsub.subscribe(key, (_parsed: unknown, message?: ConsumeMessage | null) =>
        this.#receive(key, message ?? null),
      );
      this.#subscriptions.set(key, id);
      this.#log.debug({ key }, "live queue bound");
    });
  }

  /** Ends a subscription in the background. */
  unsubscribe(key: string): void {
    void this.#inTurn(key, async () => {
      const id = this.#subscriptions.get(key);
      // On a dead channel the library can only throw; the queue is gone with the connection anyway.
      if (id === undefined || this.#ended) return;
      this.#subscriptions.delete(key);
      await this.#pubsub.unsubscribe(id);
    }).catch((error: unknown) =>
      this.#log.debug({ key, reason: describeError(error) }, "cannot unsubscribe"),
    );
  }

  /** Ends it, as when the broker does. */
  abandon(): void {
    this.#end();
  }

  /** Ends it without a call to `ended`. */
  close(): Promise<void> {
    this.#ended = true;
    return closeChannel(this.#channel);
  }

  /** A listener that throws would close the channel, and one that is asked for null is told that its queue is gone. */
  #receive(key: string, message: ConsumeMessage | null): void {
    if (this.#ended) return;
    if (message === null) {
      this.#log.warn("the broker removed a live queue");
      this.#end();
      return;
    }
    if (key === this.probeKey) return;
    try {
      // What the library made of the body is not used: it knows neither compression nor bytes that are not text.
      const { content, properties } = message;
      this.#events.message(decodeBody(content, properties.contentEncoding) ?? content);
    } catch (error) {
      this.#log.error({ err: error }, "the live listener threw");
    }
  }

  #end(): void {
    if (this.#ended) return;
    void this.close();
    this.#events.ended();
  }

  /**
   * Calls for one key take turns: the library returns from a second subscribe before the first has its queue, and throws
   * a TypeError when it is unsubscribed before that.
   */
  #inTurn(key: string, run: () => Promise<void>): Promise<void> {
    const turn = (this.#turns.get(key) ?? Promise.resolve()).then(run, run);
    const done = () => {
      if (this.#turns.get(key) === turn) this.#turns.delete(key);
    };
    this.#turns.set(key, turn);
    turn.then(done, done);
    return turn;
  }
}
