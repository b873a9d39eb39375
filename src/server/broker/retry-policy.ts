import type { DeadLetterReason } from "./work-queues.js";
import { PermanentError, PoisonMessageError, RetryAfterError } from "./errors.js";
import { describeError } from "./describe-error.js";

/**
 * How long a message waits after each failure, ms. The first retry is early, for a lost connection; the six together outlast
 * an hour of outage.
 */
export const defaultRetryDelays = [1000, 5000, 30_000, 120_000, 600_000, 3_600_000];

/** The failures of one message so far. */
export interface Failures {
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** The last one in one line. */
  readonly error: string;
}

/** What happens to a message whose handler failed. */
export type RetryDecision =
  | { readonly kind: "retry"; readonly delay: number; readonly failures: Failures | null }
  | { readonly kind: "dead"; readonly reason: DeadLetterReason; readonly failures: Failures };

export interface RetryPolicy {
  readonly maxAttempts: number;
  /** Ascending, ms. */
  readonly retryDelays: readonly number[];
}

/** Decides what happens after a handler's error. The delay is always one of the policy's. */
export function decideRetry(
  error: unknown,
  before: Failures | null,
  { maxAttempts, retryDelays }: RetryPolicy,
  now: Date,
): RetryDecision {
  if (error instanceof RetryAfterError && !error.counts) {
    return { kind: "retry", delay: atLeast(error.delay, retryDelays), failures: before };
  }
  const failures = {
    count: (before?.count ?? 0) + 1,
    firstAt: before?.firstAt ?? now,
    lastAt: now,
    error: oneLine(error),
  };
  if (error instanceof PoisonMessageError) return { kind: "dead", reason: "POISONED", failures };
  const isFinal = error instanceof PermanentError || failures.count >= maxAttempts;
  if (isFinal) return { kind: "dead", reason: "FAILED", failures };
  const delay =
    error instanceof RetryAfterError
      ? atLeast(error.delay, retryDelays)
      : (retryDelays[failures.count - 1] ?? longest(retryDelays));
  return { kind: "retry", delay, failures };
}

function atLeast(delay: number, retryDelays: readonly number[]): number {
  return retryDelays.find((step) => step >= delay) ?? longest(retryDelays);
}

function longest(retryDelays: readonly number[]): number {
  return retryDelays.at(-1) ?? 0;
}

/** Sent with the message and shown to operators: short, and without passwords. */
function oneLine(error: unknown): string {
  const line = describeError(error).replaceAll(/\/\/[^\s/@]*@/g, "//");
  return line.length <= longestError ? line : `${line.slice(0, longestError - 1)}…`;
}

const longestError = 500;
