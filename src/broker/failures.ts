import { type DeathReason, FailedForGoodError, PoisonedMessageError, RetryLaterError } from "./broker.js";
import { describeError } from "./describe-error.js";

/**
 * How long a message waits after each failure before it comes again, ms. A first repeat soon helps over a lost connection,
 * and six of them, over an hour of outage.
 */
export const defaultRetryDelays = [1000, 5000, 30_000, 120_000, 600_000, 3_600_000];

/** How handling one message has failed so far. */
export interface Failures {
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** The last one, in one line. */
  readonly error: string;
}

/** What becomes of a message that was not handled. */
export type Verdict =
  | { readonly kind: "retry"; readonly delay: number; readonly failures: Failures | null }
  | { readonly kind: "dead"; readonly reason: DeathReason; readonly failures: Failures };

export interface RetryPolicy {
  readonly maxAttempts: number;
  /** Ascending, ms. */
  readonly retryDelays: readonly number[];
}

/** Judges what a handler threw. The delay is always one of the policy's. */
export function judge(
  error: unknown,
  before: Failures | null,
  { maxAttempts, retryDelays }: RetryPolicy,
  now: Date,
): Verdict {
  if (error instanceof RetryLaterError && !error.counts) {
    return { kind: "retry", delay: atLeast(error.delay, retryDelays), failures: before };
  }
  const failures = {
    count: (before?.count ?? 0) + 1,
    firstAt: before?.firstAt ?? now,
    lastAt: now,
    error: oneLine(error),
  };
  if (error instanceof PoisonedMessageError) return { kind: "dead", reason: "POISONED", failures };
  const isHopeless = error instanceof FailedForGoodError || failures.count >= maxAttempts;
  if (isHopeless) return { kind: "dead", reason: "FAILED", failures };
  const delay =
    error instanceof RetryLaterError
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

/** It travels with the message and is shown to operators: neither a novel nor a password. */
function oneLine(error: unknown): string {
  const line = describeError(error).replaceAll(/\/\/[^\s/@]*@/g, "//");
  return line.length <= longestError ? line : `${line.slice(0, longestError - 1)}…`;
}

const longestError = 500;
