import { PermanentError, RetryAfterError } from "../../broker/errors.js";
import type { Outcome } from "./outcome.js";

/** How often an event is posted to an endpoint at most: for more than a day, with the broker's growing delays between the attempts. */
export const maxAttempts = 30;

/**
 * What the broker makes of an event after a call that failed: its consumer throws this. An event that the endpoint rejects becomes a
 * dead letter; any other is retried, after the delay that the endpoint asked for, or after the broker's own.
 */
export function failedDelivery(outcome: Outcome): Error {
  const message = outcome.error ?? `the endpoint answered ${outcome.status}`;
  if (outcome.kind === "rejected") return new PermanentError(message);
  if (outcome.retryAfter === null) return new Error(message);
  return new RetryAfterError(message, { delay: outcome.retryAfter, counts: true });
}

/** Requeues an event for another consumer; the delivery does not count as an attempt. */
export function consumerStopping(): RetryAfterError {
  return new RetryAfterError("the endpoint consumer is stopping", { delay: 0, counts: false });
}
