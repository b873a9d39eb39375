/** A value that changes. It suits React's useSyncExternalStore as it is: the value stays the same object until it changes. */
export interface Observable<T> {
  readonly get: () => T;
  /** Calls the listener after each change, not at once. @returns ends it */
  readonly subscribe: (listener: (value: T) => void) => () => void;
}

/** An observable that its owner sets. */
export class Value<T> implements Observable<T> {
  readonly #listeners = new Set<(value: T) => void>();
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  readonly get = (): T => this.#value;

  readonly subscribe = (listener: (value: T) => void): (() => void) => {
    // A function of its own, so that one that subscribes twice is called twice, and leaves one at a time.
    const own = (value: T): void => listener(value);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  };

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    const listeners = [...this.#listeners];
    for (const listener of listeners) listener(value);
  }
}
