import { setTimeout as delay } from "node:timers/promises";

/**
 * Waits for a promise, but not longer than `limit` milliseconds. Resolves to whether it settled in time, fulfilled or
 * rejected alike: for waits at shutdown, where a failure changes nothing.
 */
export async function settledWithin(limit: number, promise: Promise<unknown>): Promise<boolean> {
  const enough = new AbortController();
  const settled = promise.then(
    () => true,
    () => true,
  );
  const expired = delay(limit, false, { signal: enough.signal }).catch(() => false);
  try {
    return await Promise.race([settled, expired]);
  } finally {
    enough.abort();
  }
}
