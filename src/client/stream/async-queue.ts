interface Reader<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/** An unbounded queue that is read by iteration, until either side ends it. */
export class AsyncQueue<T> implements AsyncIterableIterator<T> {
  readonly #items: T[] = [];
  readonly #onEnd: () => void;
  #readers: Reader<T>[] = [];
  #isEnded = false;
  #failure: { readonly error: unknown } | null = null;

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  push(item: T): void {
    const reader = this.#readers.shift();
    if (reader === undefined) this.#items.push(item);
    else reader.resolve({ value: item, done: false });
  }

  /** @param failure what the reader is to catch after the items that are left */
  end(failure: { readonly error: unknown } | null = null): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#failure = failure;
    const readers = this.#readers;
    this.#readers = [];
    for (const { resolve, reject } of readers) this.next().then(resolve, reject);
    this.#onEnd();
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    const [item] = this.#items.splice(0, 1);
    if (item !== undefined) return { value: item, done: false };
    const failure = this.#failure;
    this.#failure = null;
    if (failure !== null) throw failure.error;
    if (this.#isEnded) return { value: undefined, done: true };
    return await new Promise((resolve, reject) => {
      this.#readers.push({ resolve, reject });
    });
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#items.length = 0;
    this.end();
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
