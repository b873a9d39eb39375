import { setTimeout as sleep } from "node:timers/promises";

/*
 * scheduling/: when work runs. One implementation of each:
 *
 *   pause           waits for a time, or until a signal is aborted
 *   settlesWithin   bounds a wait (timeout.ts)
 *   retry           repeats work that fails for a while; backoffDelay spaces the attempts (backoff.ts)
 *   PeriodicTask    a background loop with start, wake and stop
 *   KeyedQueue      serial or bounded execution by key: a mutex for each key with concurrency 1
 *   Batcher         handles items together that arrive close together
 *   ResourceStack   disposes of what was opened, in reverse order
 *
 * Every delay is an argument, so that a test can pass a short one. Nothing here knows what the work is about.
 */

/** Resolves after `ms` milliseconds, or as soon as the signal is aborted. Never rejects. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, signal && { signal }).catch(() => undefined);
}
