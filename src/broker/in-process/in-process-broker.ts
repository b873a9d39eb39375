import { setMaxListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../../telemetry/log.js";
import {
  type Broker,
  type BrokerHealth,
  type BrokerMessage,
  BrokerUnavailableError,
  type ConnectionState,
  type ConsumeOptions,
  type Consumer,
  type DeadLetter,
  type DeathReason,
  type Delivery,
  type LiveListener,
  type QueueName,
  type Task,
} from "../broker.js";
import { defaultRetryDelays, type Failures, judge, type RetryPolicy } from "../failures.js";
import { settledWithin } from "../within.js";
import { Later } from "./later.js";
import { MemoryQueue } from "./memory-queue.js";

export interface InProcessLimits {
  /** A queue holds this many messages that no consumer has taken; then its oldest is a dead letter. */
  readonly queueLength: number;
  /** This many dead letters are kept for a consumer of theirs; then the oldest is lost. */
  readonly deadLetters: number;
  /** How long closing waits for the messages that are being handled, ms. */
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

/** How long a dead letter waits that its handler rejected, ms. */
const deadLetterRetryDelay = 1000;

/** A task in a queue, and how it has failed so far. */
interface Entry {
  readonly task: Task;
  readonly failures: Failures | null;
}

/**
 * The broker of a service that is one process: nothing leaves it, and nothing outlives it. It differs from RabbitMQ in that
 *
 * - a work queue exists from its first use on: what is published before that is not kept for anyone;
 * - `publish` resolves although a crash loses the message, whose event then comes again from the log;
 * - what still waits when it is closed is lost: in a queue, for its next attempt, or among the dead letters;
 * - priorities change nothing.
 */
export class InProcessBroker implements Broker {
  readonly #log: Log;
  readonly #limits: InProcessLimits;
  readonly #queues = new Map<QueueName, MemoryQueue<Entry>>();
  readonly #deadLetters: MemoryQueue<DeadLetter>;
  /** What failed and waits for its next attempt. */
  readonly #retries: Later;
  #listener: LiveListener | null = null;
  #state: ConnectionState = "connecting";
  readonly #closed = new AbortController();
  #closing: Promise<void> | null = null;

  constructor(log: Log, limits: Partial<InProcessLimits> = {}) {
    this.#log = log.child({ part: "broker" });
    this.#limits = { ...defaultLimits, ...limits };
    // Each dead letter that is given again listens.
    setMaxListeners(0, this.#closed.signal);
    this.#retries = new Later(this.#limits.queueLength);
    this.#deadLetters = new MemoryQueue(this.#limits.deadLetters, ({ queue, messageId }) =>
      this.#log.warn({ queue, event: messageId }, "too many dead letters: the oldest was dropped"),
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

  /** Every message reaches the listener, watched or not. */
  async watch(): Promise<void> {}

  unwatch(): void {}

  async publish(message: BrokerMessage): Promise<void> {
    if (this.#state !== "connected") throw new BrokerUnavailableError("the broker is not running");
    const { id, type, priority, body } = message;
    // As over a network: the publisher goes on before anyone hears of the message.
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
    handler: (letter: DeadLetter) => Promise<void>,
    { prefetch }: { readonly prefetch: number },
  ): Consumer {
    return this.#deadLetters.consume(async (letter) => {
      try {
        await handler(letter);
      } catch (error) {
        this.#log.warn({ err: error }, "a dead letter was not taken: it is given again");
        await delay(deadLetterRetryDelay, undefined, { signal: this.#closed.signal }).catch(() => {});
        this.#deadLetters.add(letter);
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
    this.#retries.close();
    this.#closed.abort();
    const queues = [this.#deadLetters, ...this.#queues.values()];
    await settledWithin(this.#limits.closeTimeout, Promise.all(queues.map((queue) => queue.close())));
  }

  #queue(name: QueueName): MemoryQueue<Entry> {
    const existing = this.#queues.get(name);
    if (existing !== undefined) return existing;
    const queue = new MemoryQueue<Entry>(this.#limits.queueLength, (entry) =>
      this.#bury(name, entry, "OVERFLOWED"),
    );
    this.#queues.set(name, queue);
    return queue;
  }

  #failed(queue: QueueName, { task, failures }: Entry, error: unknown, policy: RetryPolicy): void {
    const verdict = judge(error, failures, policy, new Date());
    const entry = { task, failures: verdict.failures };
    if (verdict.kind === "dead") {
      this.#log.error({ queue, event: task.id, err: error }, "not handled: to the dead letters");
      this.#bury(queue, entry, verdict.reason);
      return;
    }
    const delayMs = verdict.delay;
    this.#log.warn({ queue, event: task.id, delayMs, err: error }, "not handled: to be tried again");
    const waits = this.#retries.after(delayMs, () => this.#queue(queue).add(entry));
    if (!waits) this.#bury(queue, entry, "OVERFLOWED");
  }

  #bury(queue: QueueName, { task, failures }: Entry, reason: DeathReason): void {
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
      this.#log.error({ err: error }, "the live listener threw");
    }
  }
}
