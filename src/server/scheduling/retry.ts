import { pause } from "./pause.js";

export interface RetryOptions {
  /** Whether another attempt can help after this error. */
  readonly isRetryable: (error: unknown) => boolean;
  /** Milliseconds before the next attempt, after `failures` failed ones (1, 2, …). */
  readonly delay: (failures: number) => number;
  /** Aborting it ends the present wait, and lets no further attempt start; the first one always runs. */
  readonly signal?: AbortSignal;
}

/**
 * Runs `attempt` until it succeeds, fails in a way that is not retryable, or the signal is aborted.
 * @throws the error of the last attempt
 */
export async function retry<T>(
  attempt: () => Promise<T>,
  { isRetryable, delay, signal }: RetryOptions,
): Promise<T> {
  const isAborted = (): boolean => signal?.aborted === true;
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (isAborted() || !isRetryable(error)) throw error;
      await pause(delay(failures), signal);
      if (isAborted()) throw error;
    }
  }
}
