/** A value that changes. It fits React's useSyncExternalStore: `get` returns the same object until the value changes. */
export interface Observable<T> {
  readonly get: () => T;
  /** Calls the listener after each change, but not now. @returns removes it */
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
    // A new function, so that a listener that subscribes twice is called twice and removed one at a time.
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
