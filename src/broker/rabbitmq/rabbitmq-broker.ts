import type { RabbitMqConfig } from "../../config.js";
import type { Log } from "../../telemetry/log.js";
import {
  type Broker,
  type BrokerHealth,
  type BrokerMessage,
  BrokerUnavailableError,
  type ConsumeOptions,
  type Consumer,
  type DeadLetter,
  type Delivery,
  type LiveListener,
  type QueueName,
  type Task,
} from "../broker.js";
import { defaultRetryDelays } from "../failures.js";
import { settledWithin } from "../within.js";
import { type ConnectionParts, SupervisedConnection } from "./connection.js";
import { handleDeadLetters } from "./dead-letters.js";
import { type Envelope, eventEnvelope, taskEnvelope } from "./envelope.js";
import { ExpressLane, lanesOf } from "./express-lane.js";
import type { Link } from "./link.js";
import { LiveDelivery } from "./live.js";
import { LiveProbe } from "./live-probe.js";
import { Publisher, type PublisherLimits } from "./publisher.js";
import { type MessageHandler, QueueConsumer } from "./queue-consumer.js";
import { isTaskQueue, TaskQueues } from "./task-queues.js";
import { deadLetterQueue, type Topology } from "./topology.js";
import { handleWork } from "./work.js";

export interface RabbitMqLimits extends PublisherLimits {
  /** How long each step of closing may take: handlers, confirms, the broker's goodbye; ms. */
  readonly closeTimeout: number;
  /** How long a message waits after each failure, the last for all that follow; ascending, ms. */
  readonly retryDelays: readonly number[];
}

const defaultLimits: RabbitMqLimits = {
  unconfirmed: 1000,
  confirmTimeout: 10_000,
  closeTimeout: 5000,
  retryDelays: defaultRetryDelays,
};

/**
 * The broker of a service that runs as several processes. It keeps two connections, and on each what stands on it:
 *
 *   publishing ─┬─ Publisher
 *               └─ LiveProbe
 *   consuming ─┬─ LiveDelivery (LiveSession: one AMQPPubSub)
 *              ├─ TaskQueues
 *              └─ QueueConsumer, one for each queue of a call of `consume` or `consumeDeadLetters`
 *
 * A lost channel or queue is mended on its connection (link.ts), a lost connection is made again (connection.ts).
 */
export class RabbitMqBroker implements Broker {
  readonly #log: Log;
  readonly #limits: RabbitMqLimits;
  readonly #publisher: Publisher;
  readonly #live: LiveDelivery;
  readonly #queueType: RabbitMqConfig["queueType"];
  readonly #compress: boolean;
  readonly #express: ExpressLane;
  readonly #taskQueues: TaskQueues;
  readonly #consumers = new Set<QueueConsumer>();
  readonly #publishing: SupervisedConnection;
  readonly #consuming: SupervisedConnection;
  /** Where a consumer that is added later attaches itself; those added before are attached by the set-up. */
  #consumingLink: Link | null = null;
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
    this.#express = new ExpressLane(config.queueType);
    this.#taskQueues = new TaskQueues(topology, this.#log);
    this.#publisher = new Publisher(this.#log, this.#limits, (key) => this.#taskQueues.forget(key));
    this.#live = new LiveDelivery(config.liveRouting, this.#log);
    const probe = new LiveProbe(this.#live);
    const publishing: ConnectionParts = {
      topology,
      setUp: async (link) => {
        this.#express.attach(link);
        await this.#publisher.attach(link);
        await probe.attach(link);
      },
      blocked: (isBlocked) => this.#publisher.setBlocked(isBlocked),
    };
    const consuming: ConnectionParts = {
      topology,
      setUp: async (link) => {
        await this.#live.attach(link);
        this.#taskQueues.attach(link);
        this.#consumingLink = link;
        await Promise.all([...this.#consumers].map((consumer) => consumer.attach(link)));
      },
      // Alarms hold back only what is published.
      blocked: () => {},
    };
    this.#publishing = new SupervisedConnection("publishing", config, this.#log, publishing, random);
    this.#consuming = new SupervisedConnection("consuming", config, this.#log, consuming, random);
  }

  async start(): Promise<void> {
    const starts = await Promise.allSettled([this.#publishing.start(), this.#consuming.start()]);
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

  publish(message: BrokerMessage): Promise<void> {
    const lane = this.#express.queueFor(message.routingKey, message.priority);
    return this.#publish(eventEnvelope(lane, message, this.#compress));
  }

  async enqueue(queue: QueueName, task: Task): Promise<void> {
    const lane = this.#express.queueFor(queue, task.priority);
    if (isTaskQueue(lane)) await this.#taskQueues.declare(lane);
    await this.#publish(taskEnvelope(lane, task, this.#compress));
  }

  consume(
    queue: QueueName,
    handler: (delivery: Delivery) => Promise<void>,
    { prefetch, maxAttempts }: ConsumeOptions,
  ): Consumer {
    const policy = { maxAttempts, retryDelays: this.#limits.retryDelays };
    // What fails while the broker is closed finds its way still: closing waits for it.
    const publish = (envelope: Envelope) => this.#publisher.publish(envelope);
    const consumers = lanesOf(queue, this.#queueType).map((lane) => {
      const log = this.#log.child({ queue: lane });
      return this.#consume(lane, prefetch, handleWork({ queue, lane, handler, policy, publish, log }));
    });
    return { stop: async () => void (await Promise.all(consumers.map((consumer) => consumer.stop()))) };
  }

  consumeDeadLetters(
    handler: (letter: DeadLetter) => Promise<void>,
    { prefetch }: { readonly prefetch: number },
  ): Consumer {
    return this.#consume(deadLetterQueue, prefetch, handleDeadLetters(handler, this.#log));
  }

  health(): BrokerHealth {
    const publishing = this.#publishing.state;
    const consuming = this.#consuming.state;
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

  /** Stops consuming, waits for what is unconfirmed, closes both connections; each step bounded. */
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
      // It may have been removed, and so taken the channel along.
      this.#taskQueues.forget(queue);
      await this.#taskQueues.declare(queue);
    };
    const stopped = () => this.#consumers.delete(consumer);
    const consumer = new QueueConsumer({ queue, prefetch, handle, declare, stopped }, this.#log);
    this.#consumers.add(consumer);
    const link = this.#consumingLink;
    link?.add(() => consumer.attach(link));
    return consumer;
  }

  async #close(): Promise<void> {
    const limit = this.#limits.closeTimeout;
    const work = Promise.all([...this.#consumers].map((consumer) => consumer.stop()));
    await Promise.all([settledWithin(limit, work), this.#publisher.drain(limit)]);
    await settledWithin(limit, this.#live.close());
    await Promise.all([this.#publishing.close(limit), this.#consuming.close(limit)]);
    this.#log.info("closed");
  }
}
