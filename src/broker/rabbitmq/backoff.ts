/** How a lost connection is tried again; durations are milliseconds. */
export interface Backoff {
  /** The longest wait before the second attempt; each later one may wait twice as long as the one before. */
  readonly interval: number;
  /** No wait is longer, unless `interval` is. */
  readonly cap: number;
}

/** A connection is mostly lost with one node or one proxy, so that another try soon is likely to succeed. */
const longestFirstWait = 1000;

/**
 * The wait before reconnection attempt `attempt` (1, 2, …): exponential, with full jitter, so that the many processes that
 * a broker's restart disconnects at one moment come back spread over the whole wait (AWS Architecture Blog,
 * "Exponential Backoff And Jitter").
 *
 * With an interval of 5 s and a cap of 8 s the longest waits are 1, 5, 8, 8, … s.
 *
 * @param random a number from 0 (inclusive) to 1 (exclusive)
 */
export function reconnectDelay(attempt: number, { interval, cap }: Backoff, random: number): number {
  const longest =
    attempt <= 1
      ? Math.min(longestFirstWait, interval)
      : Math.min(Math.max(cap, interval), interval * 2 ** (attempt - 2));
  return Math.floor(random * longest);
}
