/** The delays between reconnection attempts, in milliseconds. */
export interface Backoff {
  /** The upper bound of the second delay; it doubles with each further attempt. */
  readonly interval: number;
  /** The bound does not grow beyond this, unless `interval` is greater. */
  readonly cap: number;
}

/** A connection is mostly lost with one node or one proxy, so that an early first attempt is likely to succeed. */
const maxFirstDelay = 1000;

/**
 * The delay before reconnection attempt `attempt` (1, 2, …): exponential with full jitter, so that the processes that a
 * broker's restart disconnects do not reconnect in lockstep (AWS Architecture Blog, "Exponential Backoff And Jitter").
 *
 * With an interval of 5 s and a cap of 8 s the upper bounds are 1, 5, 8, 8, … s.
 *
 * @param random a number from 0 (inclusive) to 1 (exclusive)
 */
export function backoffDelay(attempt: number, { interval, cap }: Backoff, random: number): number {
  const bound =
    attempt <= 1
      ? Math.min(maxFirstDelay, interval)
      : Math.min(Math.max(cap, interval), interval * 2 ** (attempt - 2));
  return Math.floor(random * bound);
}
