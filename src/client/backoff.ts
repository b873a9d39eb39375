/** Milliseconds: the bound of the first wait, doubled with each failure up to the longest. */
export interface RetryOptions {
  readonly first: number;
  readonly longest: number;
}

/** Random waits ("full jitter"), so that the clients of a server that restarts do not come back all at once. */
export class Backoff {
  readonly #options: RetryOptions;
  #failures = 0;

  constructor(options: RetryOptions) {
    this.#options = options;
  }

  /** The next wait in milliseconds. */
  next(): number {
    const bound = Math.min(this.#options.first * 2 ** this.#failures, this.#options.longest);
    this.#failures += 1;
    return bound * Math.random();
  }

  reset(): void {
    this.#failures = 0;
  }
}
