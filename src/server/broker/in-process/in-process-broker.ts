import { setMaxListeners } from "node:events";
import type { Log } from "../../telemetry/log.js";
import type { Broker, BrokerHealth, ConnectionState } from "../broker.js";
import type { EventMessage } from "../event-publisher.js";
import { BrokerUnavailableError } from "../errors.js";
import type {
  ConsumeOptions,
  Consumer,
  DeadLetter,
  DeadLetterReason,
  Delivery,
  QueueName,
  Task,
} from "../work-queues.js";
import type { LiveListener } from "../live-bus.js";
import { defaultRetryDelays, type Failures, decideRetry, type RetryPolicy } from "../retry-policy.js";
import { pause } from "../../scheduling/pause.js";
import { settlesWithin } from "../../scheduling/timeout.js";
import { DelayQueue } from "./delay-queue.js";
import { MemoryQueue } from "./memory-queue.js";

export interface InProcessLimits {
  /** A queue holds this many waiting messages; beyond, its oldest becomes a dead letter. */
  readonly queueLength: number;
  /** This many dead letters wait for their consumer; beyond, the oldest is lost. */
  readonly deadLetters: number;
  /** How long closing waits for messages being handled, ms. */
  readonly closeTimeout: number;
  /** How long a message waits after each failure, the last for all that follow; ascending, ms. */
  readonly retryDelays: readonly number[];
}

const defaultLimits: InProcessLimits = {
  queueLength: 100_000,
  deadLetters: 10_000,
  closeTimeout: 5000,
  retryDelays: defaultRetryDelays,
};

/** How long a dead letter waits after its handler rejected it, ms. */
const deadLetterRetryDelay = 1000;

/** A task in a queue, and its failures so far. */
interface QueuedTask {
  readonly task: Task;
  readonly failures: Failures | null;
}

/**
 * The broker of a service that is a single process: everything stays in its memory. It differs from RabbitMQ in that
 *
 * - a work queue exists from its first use on: messages published earlier are dropped;
 * - `publish` resolves although a crash loses the message, whose event is then published again from the log;
 * - closing it loses the messages that wait: in a queue, for a retry, or as dead letters;
 * - priorities are ignored.
 */
export class InProcessBroker implements Broker {
  readonly #log: Log;
  readonly #limits: InProcessLimits;
  readonly #queues = new Map<QueueName, MemoryQueue<QueuedTask>>();
  readonly #deadLetters: MemoryQueue<DeadLetter>;
  /** Failed messages that wait for their next attempt. */
  readonly #retries: DelayQueue;
  #listener: LiveListener | null = null;
  #state: ConnectionState = "connecting";
  readonly #closed = new AbortController();
  #closing: Promise<void> | null = null;

  constructor(log: Log, limits: Partial<InProcessLimits> = {}) {
    this.#log = log.child({ part: "broker" });
    this.#limits = { ...defaultLimits, ...limits };
    // Each rejected dead letter adds a listener.
    setMaxListeners(0, this.#closed.signal);
    this.#retries = new DelayQueue(this.#limits.queueLength);
    this.#deadLetters = new MemoryQueue(this.#limits.deadLetters, ({ queue, messageId }) =>
      this.#log.warn({ queue, event: messageId }, "oldest dead letter dropped: too many"),
    );
  }

  async start(): Promise<void> {
    if (this.#state !== "connecting") return;
    this.#state = "connected";
    this.#tell((listener) => listener.resumed());
  }

  listen(listener: LiveListener): void {
    this.#listener = listener;
  }

  /** Nothing to do: every message reaches the listener. */
  async watch(): Promise<void> {}

  unwatch(): void {}

  async publish(message: EventMessage): Promise<void> {
    if (this.#state !== "connected") throw new BrokerUnavailableError("the broker is not running");
    const { id, type, priority, body } = message;
    // As over a network: the message is delivered after the publisher has continued.
    setImmediate(() => {
      if (this.#state !== "connected") return;
      this.#tell((listener) => listener.message(body));
      this.#queues.get(message.routingKey)?.add({ task: { id, type, priority, body }, failures: null });
    });
    this.#log.debug({ event: id, type, queue: message.routingKey }, "published");
  }

  async enqueue(queue: QueueName, task: Task): Promise<void> {
    if (this.#state !== "connected") throw new BrokerUnavailableError("the broker is not running");
    const { id, type, priority, body } = task;
    this.#queue(queue).add({ task: { id, type, priority, body }, failures: null });
  }

  consume(
    queue: QueueName,
    handler: (delivery: Delivery) => Promise<void>,
    { prefetch, maxAttempts }: ConsumeOptions,
  ): Consumer {
    const policy = { maxAttempts, retryDelays: this.#limits.retryDelays };
    return this.#queue(queue).consume(async (entry) => {
      try {
        await handler({ ...entry.task, redelivered: false, failures: entry.failures?.count ?? 0 });
      } catch (error) {
        this.#failed(queue, entry, error, policy);
      }
    }, prefetch);
  }

  consumeDeadLetters(
    handler: (deadLetter: DeadLetter) => Promise<void>,
    { prefetch }: { readonly prefetch: number },
  ): Consumer {
    return this.#deadLetters.consume(async (deadLetter) => {
      try {
        await handler(deadLetter);
      } catch (error) {
        this.#log.warn({ err: error }, "dead letter rejected: retrying later");
        await pause(deadLetterRetryDelay, this.#closed.signal);
        this.#deadLetters.add(deadLetter);
      }
    }, prefetch);
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
    this.#retries.stop();
    this.#closed.abort();
    const queues = [this.#deadLetters, ...this.#queues.values()];
    await settlesWithin(this.#limits.closeTimeout, Promise.all(queues.map((queue) => queue.stop())));
  }

  #queue(name: QueueName): MemoryQueue<QueuedTask> {
    const existing = this.#queues.get(name);
    if (existing !== undefined) return existing;
    const queue = new MemoryQueue<QueuedTask>(this.#limits.queueLength, (entry) =>
      this.#deadLetter(name, entry, "OVERFLOWED"),
    );
    this.#queues.set(name, queue);
    return queue;
  }

  #failed(queue: QueueName, { task, failures }: QueuedTask, error: unknown, policy: RetryPolicy): void {
    const decision = decideRetry(error, failures, policy, new Date());
    const entry = { task, failures: decision.failures };
    if (decision.kind === "dead") {
      this.#log.error({ queue, event: task.id, err: error }, "message failed: dead-lettered");
      this.#deadLetter(queue, entry, decision.reason);
      return;
    }
    const delayMs = decision.delay;
    this.#log.warn({ queue, event: task.id, delayMs, err: error }, "message failed: retrying later");
    const isAccepted = this.#retries.add(delayMs, () => this.#queue(queue).add(entry));
    if (!isAccepted) this.#deadLetter(queue, entry, "OVERFLOWED");
  }

  #deadLetter(queue: QueueName, { task, failures }: QueuedTask, reason: DeadLetterReason): void {
    const { id, type, priority, body } = task;
    const now = new Date();
    this.#deadLetters.add({
      queue,
      messageId: id,
      type,
      priority,
      body,
      reason,
      error: failures?.error ?? null,
      attempts: failures?.count ?? 0,
      firstFailedAt: failures?.firstAt ?? now,
      lastFailedAt: reason === "OVERFLOWED" ? now : (failures?.lastAt ?? now),
    });
  }

  #tell(call: (listener: LiveListener) => void): void {
    if (this.#listener === null) return;
    try {
      call(this.#listener);
    } catch (error) {
      this.#log.error({ err: error }, "live listener failed");
    }
  }
}
