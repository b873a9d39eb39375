import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits for a promise for at most `limit` milliseconds. Resolves to whether it settled in time, fulfilled or rejected:
 * the caller awaits the promise itself where the outcome matters.
 */
export async function settlesWithin(limit: number, promise: Promise<unknown>): Promise<boolean> {
  const settledFirst = new AbortController();
  const settled = promise.then(
    () => true,
    () => true,
  );
  const expired = sleep(limit, false, { signal: settledFirst.signal }).catch(() => false);
  try {
    return await Promise.race([settled, expired]);
  } finally {
    settledFirst.abort();
  }
}
