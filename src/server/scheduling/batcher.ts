export interface BatchLimits {
  readonly maxItems: number;
  /** A batch is full with the item that reaches this many bytes. Default: no bound. */
  readonly maxBytes?: number;
  /** Milliseconds that an item waits for others; 0: until the end of this turn of the event loop. */
  readonly maxAge: number;
  /** Batches that are handled at the same time. Default: 1. */
  readonly concurrency?: number;
}

interface WaitingItem<T, R> {
  readonly item: T;
  readonly bytes: number;
  readonly addedAt: number;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Handles items in batches, in the order of `add`:
 *
 *   waiting ──the batch is full, or its first item is `maxAge` old──▶ due ──fewer than `concurrency` run──▶ handled
 *
 * While as many batches run as may, items gather: load makes batches larger before it makes them more frequent.
 */
export class Batcher<T, R = void> {
  readonly #limits: Required<BatchLimits>;
  readonly #handle: (items: readonly T[]) => Promise<readonly R[]>;
  readonly #waiting: WaitingItem<T, R>[] = [];
  #waitingBytes = 0;
  /** How many of those that wait, from the first on, are due. */
  #due = 0;
  #running = 0;
  #cancelTimer: (() => void) | null = null;

  /** @param handle resolves to the results of the items, in their order */
  constructor(limits: BatchLimits, handle: (items: readonly T[]) => Promise<readonly R[]>) {
    this.#limits = { maxBytes: Infinity, concurrency: 1, ...limits };
    this.#handle = handle;
  }

  /** Settles with the item's result, or with the failure of its batch. */
  add(item: T, bytes = 0): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, bytes, addedAt: performance.now(), resolve, reject });
      this.#waitingBytes += bytes;
      this.#schedule();
    });
  }

  /** Makes everything that waits due now. */
  handleNow(): void {
    this.#due = this.#waiting.length;
    this.#schedule();
  }

  #schedule(): void {
    const { maxItems, maxBytes, concurrency } = this.#limits;
    while (this.#running < concurrency && this.#waiting.length > 0) {
      const isFull = this.#waiting.length >= maxItems || this.#waitingBytes >= maxBytes;
      if (!isFull && this.#due === 0) break;
      void this.#run(this.#takeBatch());
    }
    const first = this.#waiting[this.#due];
    if (first === undefined) this.#stopTimer();
    else if (this.#cancelTimer === null) this.#startTimer(first.addedAt);
  }

  #takeBatch(): WaitingItem<T, R>[] {
    const { maxItems, maxBytes } = this.#limits;
    let bytes = 0;
    let count = 0;
    for (const item of this.#waiting) {
      if (count === maxItems || bytes >= maxBytes) break;
      bytes += item.bytes;
      count += 1;
    }
    this.#waitingBytes -= bytes;
    this.#due = Math.max(0, this.#due - count);
    this.#stopTimer();
    return this.#waiting.splice(0, count);
  }

  async #run(batch: readonly WaitingItem<T, R>[]): Promise<void> {
    this.#running += 1;
    try {
      const results = await this.#handle(batch.map(({ item }) => item));
      if (results.length !== batch.length)
        throw new RangeError("a batch has another number of results than items");
      for (const [index, result] of results.entries()) batch[index]?.resolve(result);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    this.#running -= 1;
    this.#schedule();
  }

  #startTimer(addedAt: number): void {
    const expire = (): void => {
      this.#cancelTimer = null;
      this.handleNow();
    };
    const { maxAge } = this.#limits;
    if (maxAge === 0) {
      const immediate = setImmediate(expire);
      this.#cancelTimer = () => clearImmediate(immediate);
    } else {
      const timer = setTimeout(expire, Math.max(0, addedAt + maxAge - performance.now()));
      this.#cancelTimer = () => clearTimeout(timer);
    }
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }
}

/** The handler of a batch whose items have no results of their own. */
export function withoutResults<T>(
  handle: (items: readonly T[]) => Promise<void>,
): (items: readonly T[]) => Promise<readonly void[]> {
  return async (items) => {
    await handle(items);
    return items.map(() => undefined);
  };
}
