/** Routing keys of the exchange, and names of the durable work queues bound to them. */
export const workQueueNames = [
  "notification.new",
  "notification.read",
  "notification.delete",
  "notification.clear",
] as const;

export type WorkQueueName = (typeof workQueueNames)[number];

/** A queue that the service declares at run time, e.g. one for each webhook. It is deleted a week after its last consumer. */
export type TaskQueueName = `notification.task.${string}`;

export type QueueName = WorkQueueName | TaskQueueName;

/** A message for one queue alone. */
export interface Task {
  /** Stable id; the AMQP `messageId`. */
  readonly id: string;
  readonly type: string;
  /** 0 (lowest) to 9, as in EventMessage. */
  readonly priority: number;
  readonly body: Buffer;
}

/** A message, as its handler receives it. */
export interface Delivery extends Task {
  readonly redelivered: boolean;
  /** How many failed attempts count against it: 0 the first time. */
  readonly failures: number;
}

export interface ConsumeOptions {
  /** How many messages may be unacknowledged at once; on quorum queues, as many urgent ones in addition. */
  readonly prefetch: number;
  /** A message that failed this often becomes a dead letter. */
  readonly maxAttempts: number;
}

/**
 * Why a message became a dead letter. The handler decided FAILED and POISONED. The broker decided the others: OVERFLOWED
 * was dropped from a full queue, REJECTED was delivered too often without an answer.
 */
export type DeadLetterReason = "FAILED" | "POISONED" | "OVERFLOWED" | "REJECTED";

/** A message that is not delivered again until it is published to its queue again. */
export interface DeadLetter {
  /** Where it failed, and where `enqueue` puts it back. */
  readonly queue: QueueName;
  /** null: the message had none. */
  readonly messageId: string | null;
  readonly type: string | null;
  readonly priority: number;
  /** As it was published, or garbage. */
  readonly body: Buffer;
  readonly reason: DeadLetterReason;
  /** The last failure in one line. */
  readonly error: string | null;
  /** How many attempts failed. */
  readonly attempts: number;
  readonly firstFailedAt: Date;
  readonly lastFailedAt: Date;
}

/** A consumer of a queue, started by the call that returned it. */
export interface Consumer {
  /**
   * Accepts no more messages, waits for those being handled, however long that takes, and leaves the rest in the queue.
   * Never rejects. May be called twice.
   */
  stop(): Promise<void>;
}

/**
 * Durable queues of work, each message handled by one of the queue's consumers.
 *
 * Guarantee: at least once. A message is acknowledged when its handler resolves. When the handler rejects, the message
 * waits in a retry queue and is delivered again, with growing delays, until `maxAttempts` attempts have failed: then it is
 * a dead letter. A PoisonMessageError or a PermanentError makes it one at once; a RetryAfterError sets the delay. While
 * the broker accepts neither retries nor dead letters, the message stays with its consumer, and in its queue.
 *
 *   queued ──▶ handled ──resolved──▶ acknowledged
 *     ▲          └──rejected──▶ waiting for its retry ──▶ queued
 *     │                 └─too often, or for good─▶ dead letter ──handler resolved──▶ removed
 *     └───────────────────────enqueue───────────────────┘
 */
export interface WorkQueues {
  /**
   * Appends a task to one queue; a task queue is declared where it does not exist. Resolves with the broker's confirm.
   * @throws BrokerUnavailableError as `EventPublisher.publish` does
   */
  enqueue(queue: QueueName, task: Task): Promise<void>;
  /** Consumes a queue until stopped, also across reconnects. */
  consume(
    queue: QueueName,
    handler: (delivery: Delivery) => Promise<void>,
    options: ConsumeOptions,
  ): Consumer;
  /**
   * Consumes the dead letters of all queues. Each is removed from the broker once the handler resolves; one that it
   * rejects is delivered again, a second later. Without a consumer they accumulate, up to a bound.
   */
  consumeDeadLetters(
    handler: (deadLetter: DeadLetter) => Promise<void>,
    options: { readonly prefetch: number },
  ): Consumer;
}
