import type { Broker, BrokerHealth } from "../../src/server/broker/broker.js";
import type { EventMessage } from "../../src/server/broker/event-publisher.js";
import type {
  ConsumeOptions,
  Consumer,
  DeadLetter,
  Delivery,
  QueueName,
  Task,
} from "../../src/server/broker/work-queues.js";
import type { LiveListener } from "../../src/server/broker/live-bus.js";
import type { Random } from "./random.js";

/** A message is late by at most this many milliseconds. */
const longestDelay = 3000;

/**
 * Stands between an instance and its broker and does to what is published all that a network of brokers may do: sends it
 * twice, late, out of order, or never, although it is confirmed.
 */
export class FaultyBroker implements Broker {
  readonly #broker: Broker;
  readonly #random: Random;
  readonly #late = new Set<NodeJS.Timeout>();

  constructor(broker: Broker, random: Random) {
    this.#broker = broker;
    this.#random = random;
  }

  async publish(message: EventMessage): Promise<void> {
    const chance = this.#random.next();
    if (chance < 0.1) return;
    if (chance < 0.3) this.#publishLater(message);
    else await this.#broker.publish(message);
    if (this.#random.chance(0.3)) this.#publishLater(message);
  }

  start(): Promise<void> {
    return this.#broker.start();
  }

  listen(listener: LiveListener): void {
    this.#broker.listen(listener);
  }

  watch(userId: string): Promise<void> {
    return this.#broker.watch(userId);
  }

  unwatch(userId: string): void {
    this.#broker.unwatch(userId);
  }

  enqueue(queue: QueueName, task: Task): Promise<void> {
    return this.#broker.enqueue(queue, task);
  }

  consume(
    queue: QueueName,
    handler: (delivery: Delivery) => Promise<void>,
    options: ConsumeOptions,
  ): Consumer {
    return this.#broker.consume(queue, handler, options);
  }

  consumeDeadLetters(
    handler: (letter: DeadLetter) => Promise<void>,
    options: { readonly prefetch: number },
  ): Consumer {
    return this.#broker.consumeDeadLetters(handler, options);
  }

  health(): BrokerHealth {
    return this.#broker.health();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#late) clearTimeout(timer);
    await this.#broker[Symbol.asyncDispose]();
  }

  #publishLater(message: EventMessage): void {
    const timer = setTimeout(
      () => {
        this.#late.delete(timer);
        // What does not arrive even then counts as dropped.
        void this.#broker.publish(message).catch(() => undefined);
      },
      this.#random.whole(0, longestDelay),
    );
    this.#late.add(timer);
  }
}
