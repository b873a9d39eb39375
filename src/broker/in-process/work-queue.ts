import type { ConsumeOptions, Consumer, Delivery } from "../broker.js";

/** A consumer and what it is handling. */
interface Worker {
  readonly handler: (delivery: Delivery) => Promise<void>;
  readonly prefetch: number;
  readonly inFlight: Set<Promise<void>>;
}

export interface WorkQueueEvents {
  /** The queue was over its bound, and its oldest message was dropped. */
  overflowed(delivery: Delivery): void;
  /** A handler rejected; there is no dead-letter queue in memory, so the message is gone. */
  rejected(delivery: Delivery, error: unknown): void;
}

/** A work queue in memory: first in, first out, shared by its consumers in turn, bounded by dropping its oldest. */
export class InProcessWorkQueue {
  readonly #bound: number;
  readonly #events: WorkQueueEvents;
  readonly #waiting: Delivery[] = [];
  /** The front is the one whose turn it is. */
  readonly #workers: Worker[] = [];

  constructor(bound: number, events: WorkQueueEvents) {
    this.#bound = bound;
    this.#events = events;
  }

  add(delivery: Delivery): void {
    this.#waiting.push(delivery);
    this.#hand();
    if (this.#waiting.length <= this.#bound) return;
    const oldest = this.#waiting.shift();
    if (oldest !== undefined) this.#events.overflowed(oldest);
  }

  consume(handler: (delivery: Delivery) => Promise<void>, options: ConsumeOptions): Consumer {
    const worker: Worker = { handler, prefetch: options.prefetch, inFlight: new Set() };
    this.#workers.push(worker);
    setImmediate(() => this.#hand());
    return { stop: () => this.#stop(worker) };
  }

  /** Stops every consumer. */
  async close(): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => this.#stop(worker)));
  }

  async #stop(worker: Worker): Promise<void> {
    this.#remove(worker);
    await Promise.all(worker.inFlight);
  }

  #remove(worker: Worker): void {
    const at = this.#workers.indexOf(worker);
    if (at >= 0) this.#workers.splice(at, 1);
  }

  /** Gives waiting messages to workers with room, each worker in turn. */
  #hand(): void {
    for (;;) {
      const worker = this.#workers.find(({ inFlight, prefetch }) => inFlight.size < prefetch);
      if (worker === undefined) return;
      const delivery = this.#waiting.shift();
      if (delivery === undefined) return;
      // Its turn is over: to the back of the line.
      this.#remove(worker);
      this.#workers.push(worker);
      this.#start(worker, delivery);
    }
  }

  #start(worker: Worker, delivery: Delivery): void {
    const handled = this.#handle(worker, delivery).finally(() => {
      worker.inFlight.delete(handled);
      this.#hand();
    });
    worker.inFlight.add(handled);
  }

  /** Never rejects. */
  async #handle(worker: Worker, delivery: Delivery): Promise<void> {
    try {
      await worker.handler(delivery);
    } catch (error) {
      this.#events.rejected(delivery, error);
    }
  }
}
