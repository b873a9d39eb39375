import { STATUS_CODES } from "node:http";
import { BlockedAddressError } from "./guard.js";

/**
 * What became of a call.
 *
 *   delivered   2xx
 *   retry       408, 425, 429, 5xx, and no answer at all: worth trying again
 *   gone        410: the endpoint wants no more calls, ever
 *   rejected    every other answer, redirects too, and an address that is not allowed: the same call would fail again
 */
export interface Outcome {
  readonly kind: "delivered" | "retry" | "gone" | "rejected";
  /** null: there was no answer. */
  readonly status: number | null;
  /** Until the answer, or until there was none, ms. */
  readonly latency: number;
  /** Why it was not delivered, in one line. */
  readonly error: string | null;
  /** How long the endpoint asked to be left alone, ms; only with `retry`. */
  readonly retryAfter: number | null;
}

/** What an endpoint answered: the beginning of its body will do. */
export interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: string;
}

const longestRetryAfter = 3_600_000;
const maxQuoted = 200;

/** The outcome of a call that was answered. */
export function outcomeOf({ status, retryAfter, body }: Answer, latency: number): Outcome {
  const kind = kindOf(status);
  return {
    kind,
    status,
    latency,
    error: kind === "delivered" ? null : describeAnswer(status, body),
    retryAfter: kind === "retry" && retryAfter !== null ? parseRetryAfter(retryAfter, Date.now()) : null,
  };
}

/** The outcome of a call that was not answered. */
export function outcomeWithoutAnswer(error: unknown, latency: number): Outcome {
  const kind = error instanceof BlockedAddressError ? "rejected" : "retry";
  return { kind, status: null, latency, error: describeFailure(error), retryAfter: null };
}

function kindOf(status: number): Outcome["kind"] {
  if (status >= 200 && status < 300) return "delivered";
  if (status === 410) return "gone";
  return status >= 500 || [408, 425, 429].includes(status) ? "retry" : "rejected";
}

/** The header Retry-After in ms, at most an hour: seconds, or a date (RFC 9110, 10.2.3); null when it is neither. */
function parseRetryAfter(value: string, now: number): number | null {
  const delay = /^\d+$/.test(value) ? Number(value) * 1000 : parseHttpDate(value) - now;
  return Number.isNaN(delay) ? null : Math.min(Math.max(delay, 0), longestRetryAfter);
}

/** `Date.parse` alone would make a date of nearly everything. */
function parseHttpDate(value: string): number {
  return /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(value) ? Date.parse(value) : Number.NaN;
}

function describeAnswer(status: number, body: string): string {
  const name = STATUS_CODES[status];
  const line = oneLine(body).slice(0, maxQuoted).toWellFormed();
  return `answered ${status}${name === undefined ? "" : ` ${name}`}${line === "" ? "" : `: ${line}`}`;
}

function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return oneLine(String(error));
  // Connecting to a name with several addresses fails with an AggregateError whose own message is empty.
  if (error instanceof AggregateError) return error.errors.map(describeFailure).join("; ");
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  return oneLine(error.message === "" ? code : error.message);
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
}
