import type { WorkQueueName } from "./work-queues.js";

/** A committed event, as the broker carries it. */
export interface EventMessage {
  /** Stable id of the event; the AMQP `messageId`. Consumers recognize repeats by it. */
  readonly id: string;
  /** Wire name of the event's type, e.g. `created`; the AMQP `type`. */
  readonly type: string;
  /** The work queue that receives the event. */
  readonly routingKey: WorkQueueName;
  /** Owner of the inbox; the live bus routes by it. */
  readonly userId: string;
  /** 0 (lowest) to 9; a queue with two levels treats 5 and more as the upper one. The AMQP `priority`. */
  readonly priority: number;
  readonly timestamp: Date;
  /** JSON in UTF-8. The broker does not read it, and may compress it on the way. */
  readonly body: Buffer;
}

/**
 * Publishes events to the live bus and to the work queue of their routing key.
 *
 * Guarantee: at least once. When `publish` resolves, the broker has taken responsibility for the message (a publisher
 * confirm): it survives a crash of the broker and reaches the work queue. When it rejects, the message may have been
 * published all the same. Messages that are published concurrently may be reordered.
 */
export interface EventPublisher {
  /**
   * Resolves with the broker's confirm. May be called concurrently.
   * @throws BrokerUnavailableError at once when disconnected, blocked, unresponsive, or when too many messages are
   * unconfirmed; later when the message was not confirmed in time.
   */
  publish(message: EventMessage): Promise<void>;
}
