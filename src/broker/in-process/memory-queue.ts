import type { Consumer } from "../broker.js";

/** A consumer and what it is handling. */
interface Worker<T> {
  readonly handle: (item: T) => Promise<void>;
  readonly prefetch: number;
  readonly inFlight: Set<Promise<void>>;
}

/** A queue in memory: first in, first out, shared by its consumers in turn, bounded by dropping its oldest. */
export class MemoryQueue<T> {
  readonly #bound: number;
  readonly #overflowed: (item: T) => void;
  readonly #waiting: T[] = [];
  /** The front is the one whose turn it is. */
  readonly #workers: Worker<T>[] = [];

  /** @param overflowed is given the oldest when the queue is over its bound */
  constructor(bound: number, overflowed: (item: T) => void) {
    this.#bound = bound;
    this.#overflowed = overflowed;
  }

  add(item: T): void {
    this.#waiting.push(item);
    this.#hand();
    if (this.#waiting.length <= this.#bound) return;
    const oldest = this.#waiting.shift();
    if (oldest !== undefined) this.#overflowed(oldest);
  }

  /** @param handle never rejects: what becomes of an item that fails is its affair */
  consume(handle: (item: T) => Promise<void>, prefetch: number): Consumer {
    const worker: Worker<T> = { handle, prefetch, inFlight: new Set() };
    this.#workers.push(worker);
    setImmediate(() => this.#hand());
    return { stop: () => this.#stop(worker) };
  }

  /** Stops every consumer. */
  async close(): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => this.#stop(worker)));
  }

  async #stop(worker: Worker<T>): Promise<void> {
    this.#remove(worker);
    await Promise.all(worker.inFlight);
  }

  #remove(worker: Worker<T>): void {
    const at = this.#workers.indexOf(worker);
    if (at >= 0) this.#workers.splice(at, 1);
  }

  /** Gives waiting items to workers with room, each worker in turn. */
  #hand(): void {
    for (;;) {
      const worker = this.#workers.find(({ inFlight, prefetch }) => inFlight.size < prefetch);
      if (worker === undefined) return;
      const item = this.#waiting.shift();
      if (item === undefined) return;
      // Its turn is over: to the back of the line.
      this.#remove(worker);
      this.#workers.push(worker);
      this.#start(worker, item);
    }
  }

  #start(worker: Worker<T>, item: T): void {
    const handled = worker.handle(item).finally(() => {
      worker.inFlight.delete(handled);
      this.#hand();
    });
    worker.inFlight.add(handled);
  }
}
