/** Milliseconds: the upper bound of the first delay, doubled with each failure up to the longest. */
export interface RetryOptions {
  readonly first: number;
  readonly longest: number;
  /** After how long a connection counts as stable, so that delays start again at the first. Default 1000. */
  readonly stableAfter?: number;
}

export const defaultRetry: RetryOptions = { first: 1000, longest: 30_000 };

/** Milliseconds after which a connection counts as stable. */
export function stableAfter(options: RetryOptions | undefined): number {
  return options?.stableAfter ?? 1000;
}

/** Milliseconds over which clients reconnect that an instance disconnects because it is replaced. */
const restartSpread = 200;

/**
 * The delay in milliseconds after a stable connection was closed with 1012: the instance stops, others run, and it closes its
 * connections in portions, so there is no thundering herd to avoid.
 */
export function delayAfterRestart(): number {
  return restartSpread * Math.random();
}

/** Exponential backoff with full jitter, so that the clients of a server that restarts do not reconnect all at once. */
export class Backoff {
  readonly #options: RetryOptions;
  #failures = 0;

  constructor(options: RetryOptions) {
    this.#options = options;
  }

  /** The next delay in milliseconds. */
  next(): number {
    const bound = Math.min(this.#options.first * 2 ** this.#failures, this.#options.longest);
    this.#failures += 1;
    return bound * Math.random();
  }

  reset(): void {
    this.#failures = 0;
  }
}
