export interface BatchLimits {
  readonly maxItems: number;
  /** A batch is full with the item that reaches so many bytes. */
  readonly maxBytes: number;
  /** Milliseconds that the first item of a batch waits for others. */
  readonly maxAge: number;
}

/** Gathers items until there are enough of them, or the first is old enough; one batch is handled after the other. */
export class Batcher<T> {
  readonly #limits: BatchLimits;
  readonly #handle: (items: readonly T[]) => Promise<void>;
  #batch: Batch<T> | null = null;
  #last: Promise<void> = Promise.resolve();

  constructor(limits: BatchLimits, handle: (items: readonly T[]) => Promise<void>) {
    this.#limits = limits;
    this.#handle = handle;
  }

  /** Settles as the batch does that it goes with. */
  add(item: T, bytes: number): Promise<void> {
    const batch = this.#batch ?? this.#open();
    batch.items.push(item);
    batch.bytes += bytes;
    if (batch.items.length >= this.#limits.maxItems || batch.bytes >= this.#limits.maxBytes) this.flush();
    return batch.handled;
  }

  /** Waits for no more. */
  flush(): void {
    const batch = this.#batch;
    if (batch === null) return;
    this.#batch = null;
    clearTimeout(batch.timer);
    const handle = (): Promise<void> => this.#handle(batch.items);
    this.#last = this.#last.then(handle, handle);
    batch.settleWith(this.#last);
  }

  #open(): Batch<T> {
    let settleWith: Batch<T>["settleWith"] = () => undefined;
    const handled = new Promise<void>((resolve) => {
      settleWith = resolve;
    });
    const timer = setTimeout(() => this.flush(), this.#limits.maxAge);
    this.#batch = { items: [], bytes: 0, timer, handled, settleWith };
    return this.#batch;
  }
}

interface Batch<T> {
  readonly items: T[];
  bytes: number;
  readonly timer: NodeJS.Timeout;
  readonly handled: Promise<void>;
  readonly settleWith: (outcome: Promise<void>) => void;
}
