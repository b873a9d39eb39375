import type { RabbitMqConfig } from "../../config/config.js";
import type { Log } from "../../telemetry/log.js";
import type { Broker, BrokerHealth, ConnectionState } from "../broker.js";
import type { EventMessage } from "../event-publisher.js";
import { BrokerUnavailableError } from "../errors.js";
import type { ConsumeOptions, Consumer, DeadLetter, Delivery, QueueName, Task } from "../work-queues.js";
import type { LiveListener } from "../live-bus.js";
import { defaultRetryDelays } from "../retry-policy.js";
import { settlesWithin } from "../../scheduling/timeout.js";
import { type ConnectionParts, ConnectionSupervisor } from "./connection-supervisor.js";
import { createDeadLetterHandler } from "./dead-letter-handler.js";
import { type Envelope, eventEnvelope, taskEnvelope } from "./envelope.js";
import { PriorityQueuePair, priorityQueuesOf } from "./priority-queues.js";
import type { OpenConnection } from "./connection.js";
import { LiveConsumer } from "./live-consumer.js";
import { BindingProbe } from "./binding-probe.js";
import { Publisher, type PublisherLimits } from "./publisher.js";
import { type MessageHandler, QueueConsumer } from "./queue-consumer.js";
import { ResponseMonitor } from "./response-monitor.js";
import { isTaskQueue, TaskQueues } from "./task-queues.js";
import { deadLetterQueue, type Topology } from "./topology.js";
import { createWorkHandler } from "./work-handler.js";

export interface RabbitMqLimits extends PublisherLimits {
  /** How long each step of closing may take: handlers, confirms, the broker's close-ok; ms. */
  readonly closeTimeout: number;
  /** How long `start` waits for the first attempt to connect, which then continues in the background; ms. */
  readonly startTimeout: number;
  /** An answer of the broker that takes longer is overdue, ms. */
  readonly answerTimeout: number;
  /** How long a message waits after each failure, the last for all that follow; ascending, ms. */
  readonly retryDelays: readonly number[];
}

const defaultLimits: RabbitMqLimits = {
  unconfirmed: 1000,
  confirmTimeout: 5000,
  closeTimeout: 5000,
  startTimeout: 10_000,
  answerTimeout: 1000,
  retryDelays: defaultRetryDelays,
};

/** Milliseconds between two checks for overdue answers. */
const checkInterval = 250;

/** How long no answer may be overdue before the broker counts as responsive again, ms. */
const steadyTime = 2000;

/**
 * The broker of a service that runs as several processes. It keeps two connections open, each with the parts that use it:
 *
 *   publishing ─┬─ PriorityQueuePair
 *               ├─ Publisher
 *               └─ BindingProbe
 *   consuming ─┬─ LiveConsumer (PubSubSession: one AMQPPubSub)
 *              ├─ TaskQueues
 *              └─ QueueConsumer, one for each queue of a call of `consume` or `consumeDeadLetters`
 *
 * connection-user.ts states the rules between a connection and its parts. A lost channel or queue is repaired on its
 * connection (connection.ts), a lost connection is replaced (connection-supervisor.ts), and one that is open but unanswered is
 * detected (response-monitor.ts).
 */
export class RabbitMqBroker implements Broker {
  readonly #log: Log;
  readonly #limits: RabbitMqLimits;
  readonly #publisher: Publisher;
  readonly #live: LiveConsumer;
  readonly #queueType: RabbitMqConfig["queueType"];
  readonly #compress: boolean;
  readonly #urgentQueues: PriorityQueuePair;
  readonly #taskQueues: TaskQueues;
  readonly #consumers = new Set<QueueConsumer>();
  readonly #publishing: ConnectionSupervisor;
  readonly #consuming: ConnectionSupervisor;
  readonly #probe: BindingProbe;
  readonly #responses: ResponseMonitor;
  #checking: NodeJS.Timeout | undefined;
  /** A consumer that is added later attaches itself to it; the set-up attaches those added before. */
  #consumingConnection: OpenConnection | null = null;
  #closing: Promise<void> | null = null;

  /** @param random a number from 0 (inclusive) to 1, for the jitter of reconnects */
  constructor(
    config: RabbitMqConfig,
    log: Log,
    limits: Partial<RabbitMqLimits> = {},
    random: () => number = Math.random,
  ) {
    this.#log = log.child({ part: "broker" });
    this.#limits = { ...defaultLimits, ...limits };
    const topology: Topology = { queueType: config.queueType, retryDelays: this.#limits.retryDelays };
    this.#queueType = config.queueType;
    this.#compress = config.compression;
    this.#urgentQueues = new PriorityQueuePair(config.queueType);
    this.#taskQueues = new TaskQueues(topology, this.#log);
    this.#publisher = new Publisher(this.#log, this.#limits, (key) => this.#taskQueues.invalidate(key));
    this.#live = new LiveConsumer(config.liveRouting, this.#log);
    this.#probe = new BindingProbe(this.#live);
    this.#responses = new ResponseMonitor({
      overdueAfter: Math.ceil(this.#limits.answerTimeout / checkInterval),
      steadyAfter: steadyTime / checkInterval,
    });
    const publishing: ConnectionParts = {
      topology,
      setUp: async (connection) => {
        await this.#urgentQueues.attach(connection);
        await this.#publisher.attach(connection);
        await this.#probe.attach(connection);
      },
      blocked: (isBlocked) => {
        this.#publisher.setBlocked(isBlocked);
        this.#probe.setBlocked(isBlocked);
      },
    };
    const consuming: ConnectionParts = {
      topology,
      setUp: async (connection) => {
        await this.#live.attach(connection);
        await this.#taskQueues.attach(connection);
        this.#consumingConnection = connection;
        await Promise.all([...this.#consumers].map((consumer) => consumer.attach(connection)));
      },
      // Alarms block publishing only.
      blocked: () => {},
    };
    this.#publishing = new ConnectionSupervisor("publishing", config, this.#log, publishing, random);
    this.#consuming = new ConnectionSupervisor("consuming", config, this.#log, consuming, random);
  }

  async start(): Promise<void> {
    this.#checking ??= setInterval(() => this.#checkResponses(), checkInterval);
    const { startTimeout } = this.#limits;
    const starts = await Promise.allSettled([
      this.#publishing.start(startTimeout),
      this.#consuming.start(startTimeout),
    ]);
    const failed = starts.find((start) => start.status === "rejected");
    if (failed === undefined) return;
    await this[Symbol.asyncDispose]();
    throw failed.reason;
  }

  listen(listener: LiveListener): void {
    this.#live.listen(listener);
  }

  watch(userId: string): Promise<void> {
    return this.#live.watch(userId);
  }

  unwatch(userId: string): void {
    this.#live.unwatch(userId);
  }

  publish(message: EventMessage): Promise<void> {
    const queueName = this.#urgentQueues.queueFor(message.routingKey, message.priority);
    return this.#publish(eventEnvelope(queueName, message, this.#compress));
  }

  async enqueue(queue: QueueName, task: Task): Promise<void> {
    const queueName = this.#urgentQueues.queueFor(queue, task.priority);
    if (isTaskQueue(queueName)) await this.#taskQueues.declare(queueName);
    await this.#publish(taskEnvelope(queueName, task, this.#compress));
  }

  consume(
    queue: QueueName,
    handler: (delivery: Delivery) => Promise<void>,
    { prefetch, maxAttempts }: ConsumeOptions,
  ): Consumer {
    const policy = { maxAttempts, retryDelays: this.#limits.retryDelays };
    // Not refused while closing: a message that fails then still has to be published for its retry.
    const publish = (envelope: Envelope) => this.#publisher.publish(envelope);
    const consumers = priorityQueuesOf(queue, this.#queueType).map((sourceQueue) => {
      const log = this.#log.child({ queue: sourceQueue });
      return this.#consume(
        sourceQueue,
        prefetch,
        createWorkHandler({ queue, sourceQueue, handler, policy, publish, log }),
      );
    });
    return { stop: async () => void (await Promise.all(consumers.map((consumer) => consumer.stop()))) };
  }

  consumeDeadLetters(
    handler: (deadLetter: DeadLetter) => Promise<void>,
    { prefetch }: { readonly prefetch: number },
  ): Consumer {
    return this.#consume(deadLetterQueue, prefetch, createDeadLetterHandler(handler, this.#log));
  }

  health(): BrokerHealth {
    const publishing = stateOf(this.#publishing, this.#responses.publishing);
    const consuming = stateOf(this.#consuming, this.#responses.consuming);
    return {
      kind: "rabbitmq",
      healthy:
        publishing === "connected" && consuming === "connected" && this.#publisher.ready && this.#live.live,
      exhausted: publishing === "failed" || consuming === "failed",
      publishing,
      consuming,
      unconfirmed: this.#publisher.unconfirmed,
      lastError: this.#publishing.lastError ?? this.#consuming.lastError,
    };
  }

  /** Stops consuming, waits for confirms, closes both connections; each step is bounded. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #publish(envelope: Envelope): Promise<void> {
    if (this.#closing !== null) return Promise.reject(new BrokerUnavailableError("shutting down"));
    return this.#publisher.publish(envelope);
  }

  #consume(queue: string, prefetch: number, handle: MessageHandler): Consumer {
    const declare = async () => {
      if (!isTaskQueue(queue)) return;
      // Its deletion may be what closed the channel.
      this.#taskQueues.invalidate(queue);
      await this.#taskQueues.declare(queue);
    };
    const stopped = () => this.#consumers.delete(consumer);
    const consumer = new QueueConsumer({ queue, prefetch, handle, declare, stopped }, this.#log);
    this.#consumers.add(consumer);
    const connection = this.#consumingConnection;
    connection?.run(() => consumer.attach(connection));
    return consumer;
  }

  #checkResponses(): void {
    const before = this.#responses.responsive;
    this.#responses.check({
      published: this.#publisher.published,
      confirmedProbes: this.#probe.confirmed,
      arrivedProbes: this.#probe.arrived,
    });
    const { publishing, consuming, responsive } = this.#responses;
    if (before && !responsive) {
      const unconfirmed = this.#publisher.unconfirmed;
      this.#log.warn({ publishing, consuming, unconfirmed }, "broker unresponsive");
    }
    if (!before && responsive) this.#log.info("broker responsive");
    this.#publisher.setResponsive(publishing);
    this.#live.setResponsive(responsive);
  }

  async #close(): Promise<void> {
    clearInterval(this.#checking);
    // There is little use in waiting for an unresponsive broker.
    const limit = this.#responses.responsive
      ? this.#limits.closeTimeout
      : Math.min(this.#limits.closeTimeout, this.#limits.answerTimeout);
    const work = Promise.all([...this.#consumers].map((consumer) => consumer.stop()));
    await Promise.all([settlesWithin(limit, work), this.#publisher.waitForConfirms(limit)]);
    await settlesWithin(limit, this.#live.stop());
    await Promise.all([this.#publishing.stop(limit), this.#consuming.stop(limit)]);
    this.#log.info("broker closed");
  }
}

function stateOf(connection: ConnectionSupervisor, isResponsive: boolean): ConnectionState {
  return connection.state === "connected" && !isResponsive ? "unresponsive" : connection.state;
}
