/**
 * The broker carries committed events between processes. It is the speed, never the truth: whatever it loses, repeats or
 * reorders, the live feed mends from the event log. `rabbitmq/` and `in-process/` implement it, and one contract suite
 * (test/broker) checks the promises written here on both.
 */

/** Routing keys of the exchange, and names of the durable work queues bound to them. */
export const workQueues = [
  "notification.new",
  "notification.read",
  "notification.delete",
  "notification.clear",
] as const;

export type WorkQueue = (typeof workQueues)[number];

export type QueueName = WorkQueue | TaskQueue;

/** An event on its way: what the broker has to know of it, and its body, which the broker does not read. */
export interface BrokerMessage {
  /** Stable id of the event; the AMQP `messageId`. Consumers tell repeats by it. */
  readonly id: string;
  /** Type of the event, e.g. `created`; the AMQP `type`. */
  readonly type: string;
  readonly routingKey: WorkQueue;
  readonly userId: string;
  /** 0 (lowest) to 9; a queue that knows only two levels takes 5 and more for the upper. The AMQP `priority`. */
  readonly priority: number;
  readonly timestamp: Date;
  /** JSON in UTF-8; how it is compressed on the way is the broker's affair. */
  readonly body: Buffer;
}

/**
 * Receives what other processes, and this one, publish. Until the first `resumed` delivery counts as interrupted; then
 * `interrupted` and `resumed` take turns. Nothing is called any more once the broker is closed. What its methods throw is
 * logged, and goes no further.
 */
export interface LiveListener {
  /**
   * A message arrived: perhaps a repeat, perhaps out of order. `body` is as it was published, or garbage. It is a view of
   * a larger buffer: to keep it for long, copy it.
   */
  message(body: Buffer): void;
  /** Live delivery stopped: messages published from now on may not arrive. */
  interrupted(): void;
  /** Live delivery works (again): all that is published from now on will arrive; what came before may be missing. */
  resumed(): void;
}

/**
 * A queue of tasks that a part of the service makes for itself, e.g. one for each webhook. It stands as long as it is
 * consumed, and a week more.
 */
export type TaskQueue = `notification.task.${string}`;

/** A message for one queue alone. */
export interface Task {
  /** Stable id; the AMQP `messageId`. */
  readonly id: string;
  readonly type: string;
  /** As in BrokerMessage. */
  readonly priority: number;
  readonly body: Buffer;
}

/**
 * What a consumer is given. It is acknowledged when the handler resolves. When it rejects, the message waits in a retry
 * queue and comes again, after delays that grow, until it has failed `maxAttempts` times: then it is a dead letter. A
 * PoisonedMessageError or a FailedForGoodError makes it one at once, a RetryLaterError says when it comes again. While the
 * broker takes neither retries nor dead letters, the message stays with its consumer, and in its queue.
 */
export interface Delivery extends Task {
  readonly redelivered: boolean;
  /** How many failed attempts count against it: 0 the first time. */
  readonly failures: number;
}

export interface ConsumeOptions {
  /** How many messages may be unacknowledged at once; on quorum queues, as many urgent ones beside them. */
  readonly prefetch: number;
  /** A message that failed this often is dead. */
  readonly maxAttempts: number;
}

/**
 * Why a message became a dead letter. FAILED and POISONED are a handler's verdict. The others are the broker's: OVERFLOWED
 * was dropped from a queue over its bound, REJECTED was delivered too often without any answer.
 */
export type DeathReason = "FAILED" | "POISONED" | "OVERFLOWED" | "REJECTED";

/** A message that no handler will be given again, unless somebody puts it back. */
export interface DeadLetter {
  /** Where it failed, and where `enqueue` puts it back. */
  readonly queue: QueueName;
  /** null: the message bore none. */
  readonly messageId: string | null;
  readonly type: string | null;
  readonly priority: number;
  /** As it was published, or garbage. */
  readonly body: Buffer;
  readonly reason: DeathReason;
  /** The last failure in one line. */
  readonly error: string | null;
  /** How often it was handled in vain. */
  readonly attempts: number;
  readonly firstFailedAt: Date;
  readonly lastFailedAt: Date;
}

/**
 * A consumer of a queue. `stop` takes no more, waits for what is being handled, however long that takes, and leaves
 * the rest in the queue. It never rejects, and may be called twice.
 */
export interface Consumer {
  stop(): Promise<void>;
}

/**
 *   connecting ⇄ connected ⇄ blocked      blocked: the broker holds publishers back (a memory or disk alarm)
 *       │                                 failed: too many attempts in a row failed; it goes on trying
 *       ▼
 *     failed ──▶ connected                closed: by us, from any state
 */
export type ConnectionState = "connecting" | "connected" | "blocked" | "failed" | "closed";

/** What GET /health/rabbitmq answers. */
export interface BrokerHealth {
  readonly kind: "rabbitmq" | "in-process";
  /** Publishing and live delivery both work. */
  readonly healthy: boolean;
  /** RABBITMQ_MAX_RECONNECT_ATTEMPTS failed in a row: a restart may help. It goes on trying all the same. */
  readonly exhausted: boolean;
  readonly publishing: ConnectionState;
  readonly consuming: ConnectionState;
  /** Messages sent and not yet confirmed. */
  readonly unconfirmed: number;
  /** One line on the last failure, without credentials; null when there was none since the last connect. */
  readonly lastError: string | null;
}

/**
 * Closing it (`Symbol.asyncDispose`) stops all consumers, waits for confirms that are under way, and disconnects: bounded,
 * whatever state the broker is in, never rejecting, and as often as one likes.
 */
export interface Broker extends AsyncDisposable {
  /**
   * Begins to connect and goes on trying in the background: resolves after the first attempt, whether it succeeded or not.
   * @throws BrokerTopologyError when an exchange or queue stands with other arguments; the broker is closed then.
   */
  start(): Promise<void>;
  /** Attaches the one listener of this process. Called before `start`. */
  listen(listener: LiveListener): void;
  /**
   * Makes sure that the messages of this user reach the listener: all that is published after it resolved, until
   * `unwatch` or an interruption. To watch twice is to watch once. A no-op where every message reaches every process.
   * @throws BrokerUnavailableError when disconnected; the watch is registered all the same, and holds from the next
   * `resumed` on.
   */
  watch(userId: string): Promise<void>;
  unwatch(userId: string): void;
  /**
   * Resolves when the broker has taken responsibility for the message (a publisher confirm), so that it survives a crash
   * of the broker. Many may be under way at once.
   * @throws BrokerUnavailableError at once when disconnected, blocked, or when too many are under way; later when the
   * message was not confirmed, in which case it may arrive all the same.
   */
  publish(message: BrokerMessage): Promise<void>;
  /**
   * Puts a task into one queue, at its end; a task queue is made where there is none. Resolves like `publish`.
   * @throws BrokerUnavailableError like `publish`
   */
  enqueue(queue: QueueName, task: Task): Promise<void>;
  /** Consumes a queue, also across reconnects, until stopped. Messages arrive at least once. */
  consume(
    queue: QueueName,
    handler: (delivery: Delivery) => Promise<void>,
    options: ConsumeOptions,
  ): Consumer;
  /**
   * Takes the dead letters of all queues. Each is gone from the broker once the handler resolves; one that it rejects is
   * given again, a second later. Without such a consumer they gather, up to a bound.
   */
  consumeDeadLetters(
    handler: (letter: DeadLetter) => Promise<void>,
    options: { readonly prefetch: number },
  ): Consumer;
  health(): BrokerHealth;
}

/** The broker did not take the message, or it is unknown whether it did. Try again later; a repeat does no harm. */
export class BrokerUnavailableError extends Error {
  override readonly name = "BrokerUnavailableError";
}

/** Thrown by a handler: the message will never be understood. It becomes a dead letter at once, and harms nobody. */
export class PoisonedMessageError extends Error {
  override readonly name = "PoisonedMessageError";
}

/** Thrown by a handler: the message was understood, and to try again is of no use. It becomes a dead letter at once. */
export class FailedForGoodError extends Error {
  override readonly name = "FailedForGoodError";
}

/**
 * Thrown by a handler: the message is to come again, not before `delay` ms; sooner only when that is longer than the longest
 * of the broker's delays (an hour).
 */
export class RetryLaterError extends Error {
  override readonly name = "RetryLaterError";
  readonly delay: number;
  /** Whether it counts as an attempt. */
  readonly counts: boolean;

  constructor(
    message: string,
    { delay, counts }: { readonly delay: number; readonly counts: boolean },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.delay = delay;
    this.counts = counts;
  }
}

/** An exchange or a queue stands with arguments other than ours. Only an operator can mend it; the message says how. */
export class BrokerTopologyError extends Error {
  override readonly name = "BrokerTopologyError";
}
