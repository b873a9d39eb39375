import type { RabbitMqConfig } from "../../config/config.js";
import type { ConnectionUser } from "./connection-user.js";
import type { OpenConnection } from "./connection.js";

/*
 * How urgent messages overtake a backlog:
 *
 * - classic queues have ten priorities (x-max-priority);
 * - quorum queues have two levels from RabbitMQ 4 on: priorities from 5 on overtake the others;
 * - quorum queues before RabbitMQ 4 have none. There each work queue and task queue is a pair of queues, the second one
 *   (`….express`) for the priorities from 5 on. It is consumed on its own channel with its own prefetch, so that it waits
 *   behind no backlog. A failed message returns to the queue of the pair that it came from.
 *
 * The pairs are declared and consumed with every version, so that no message is left behind when the broker is upgraded; only
 * the publisher depends on the version. An additional queue that is bound to `notification.new` has to be bound to
 * `notification.new.express` too, where there are pairs.
 */

/** The lowest urgent priority, as in RabbitMQ 4. */
const lowestUrgent = 5;

const suffix = ".express";

/** Chooses the queue of the pair for each message, depending on the server of the present connection. */
export class PriorityQueuePair implements ConnectionUser {
  readonly #queueType: RabbitMqConfig["queueType"];
  /** Urgent messages go to the second queue. */
  #isSplit = false;

  constructor(queueType: RabbitMqConfig["queueType"]) {
    this.#queueType = queueType;
  }

  async attach(connection: OpenConnection): Promise<void> {
    const major = Number.parseInt(connection.model.connection.serverProperties.version, 10);
    this.#isSplit = this.#queueType === "quorum" && major < 4;
  }

  queueFor(queue: string, priority: number): string {
    return this.#isSplit && priority >= lowestUrgent ? `${queue}${suffix}` : queue;
  }
}

/** The names of the queues that this queue consists of. */
export function priorityQueuesOf(queue: string, queueType: RabbitMqConfig["queueType"]): readonly string[] {
  return queueType === "quorum" ? [queue, `${queue}${suffix}`] : [queue];
}

/** The name of the pair that a queue belongs to; its own name where it is not a second queue. */
export function baseQueueName(queue: string): string {
  return queue.endsWith(suffix) ? queue.slice(0, -suffix.length) : queue;
}
