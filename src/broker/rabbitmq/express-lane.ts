import type { RabbitMqConfig } from "../../config.js";
import type { Link } from "./link.js";

/*
 * How urgent messages overtake a backlog:
 *
 * - classic queues have ten priorities (x-max-priority);
 * - quorum queues have two levels from RabbitMQ 4 on: priorities from 5 on overtake the others;
 * - quorum queues before RabbitMQ 4 have none. There each work queue and task queue has an express lane, a second queue
 *   for the priorities from 5 on. It is consumed beside the first, on a channel and with a prefetch of its own, and so
 *   waits behind no backlog. What fails returns to the lane that it came from.
 *
 * The lanes are declared and consumed with every version, so that nothing stays behind when the broker is upgraded; only the
 * publisher looks at the version. A queue of one's own that is bound to `notification.new` has to be bound to
 * `notification.new.express` too, where there are lanes.
 */

/** The lowest priority that overtakes: RabbitMQ 4 draws the line there. */
const lowestUrgent = 5;

const suffix = ".express";

/** Finds the queue for what is published on one connection after another. */
export class ExpressLane {
  readonly #queueType: RabbitMqConfig["queueType"];
  #open = false;

  constructor(queueType: RabbitMqConfig["queueType"]) {
    this.#queueType = queueType;
  }

  /** Learns what the server of this connection can do by itself. */
  attach(link: Link): void {
    const major = Number.parseInt(link.model.connection.serverProperties.version, 10);
    this.#open = this.#queueType === "quorum" && major < 4;
  }

  queueFor(queue: string, priority: number): string {
    return this.#open && priority >= lowestUrgent ? `${queue}${suffix}` : queue;
  }
}

/** The queues that together are this one. */
export function lanesOf(queue: string, queueType: RabbitMqConfig["queueType"]): readonly string[] {
  return queueType === "quorum" ? [queue, `${queue}${suffix}`] : [queue];
}

/** The queue that a lane belongs to; itself, if it is none. */
export function withoutLane(queue: string): string {
  return queue.endsWith(suffix) ? queue.slice(0, -suffix.length) : queue;
}
