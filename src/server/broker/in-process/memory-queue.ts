import type { Consumer } from "../work-queues.js";

/** A consumer and the items that it is handling. */
interface Worker<T> {
  readonly handle: (item: T) => Promise<void>;
  readonly prefetch: number;
  readonly inFlight: Set<Promise<void>>;
}

/** A first-in, first-out queue in memory, shared by its consumers in turn. Over its bound it drops the oldest item. */
export class MemoryQueue<T> {
  readonly #bound: number;
  readonly #overflowed: (item: T) => void;
  readonly #waiting: T[] = [];
  /** The first one is next. */
  readonly #workers: Worker<T>[] = [];

  /** @param overflowed called with the oldest item when the queue is over its bound */
  constructor(bound: number, overflowed: (item: T) => void) {
    this.#bound = bound;
    this.#overflowed = overflowed;
  }

  add(item: T): void {
    this.#waiting.push(item);
    this.#dispatch();
    if (this.#waiting.length <= this.#bound) return;
    const oldest = this.#waiting.shift();
    if (oldest !== undefined) this.#overflowed(oldest);
  }

  /** @param handle must not reject */
  consume(handle: (item: T) => Promise<void>, prefetch: number): Consumer {
    const worker: Worker<T> = { handle, prefetch, inFlight: new Set() };
    this.#workers.push(worker);
    setImmediate(() => this.#dispatch());
    return { stop: () => this.#stop(worker) };
  }

  /** Stops every consumer. */
  async stop(): Promise<void> {
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

  /** Hands waiting items to the workers that have room, in turn. */
  #dispatch(): void {
    for (;;) {
      const worker = this.#workers.find(({ inFlight, prefetch }) => inFlight.size < prefetch);
      if (worker === undefined) return;
      const item = this.#waiting.shift();
      if (item === undefined) return;
      this.#remove(worker);
      this.#workers.push(worker);
      this.#start(worker, item);
    }
  }

  #start(worker: Worker<T>, item: T): void {
    const handled = worker.handle(item).finally(() => {
      worker.inFlight.delete(handled);
      this.#dispatch();
    });
    worker.inFlight.add(handled);
  }
}
