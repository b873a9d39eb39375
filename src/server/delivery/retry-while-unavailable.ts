import { BrokerUnavailableError, RetryAfterError } from "../broker/errors.js";
import { DatabaseUnavailableError } from "../database/database.js";
import { retry } from "../scheduling/retry.js";

/** Milliseconds between two attempts, give or take a half. */
const retryDelay = 1000;

/**
 * Runs `attempt` until the database and the broker are available: the handler of a message holds it meanwhile, so that an
 * outage does not send every waiting message through the retry queues.
 * @throws RetryAfterError, which does not count as an attempt, when the signal says that the worker stops
 */
export async function retryWhileUnavailable<T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
  try {
    return await retry(attempt, {
      isRetryable: isUnavailable,
      delay: () => retryDelay * (0.5 + Math.random()),
      signal,
    });
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    throw new RetryAfterError("the worker is stopping", { delay: 0, counts: false });
  }
}

function isUnavailable(error: unknown): boolean {
  return error instanceof DatabaseUnavailableError || error instanceof BrokerUnavailableError;
}
