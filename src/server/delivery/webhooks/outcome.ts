import { STATUS_CODES } from "node:http";
import { BlockedAddressError } from "./address-guard.js";

/**
 * The outcome of a call.
 *
 *   delivered   2xx
 *   retry       408, 425, 429, 5xx, and no response: a retry may succeed
 *   gone        410: the endpoint wants no further calls
 *   rejected    any other response, redirects too, and an address that is not allowed: a retry would fail
 */
export interface Outcome {
  readonly kind: "delivered" | "retry" | "gone" | "rejected";
  /** null: there was no response. */
  readonly status: number | null;
  /** Until the response or the failure, ms. */
  readonly latency: number;
  /** Why the call failed, in one line. */
  readonly error: string | null;
  /** The delay that the endpoint asked for, ms; only with `retry`. */
  readonly retryAfter: number | null;
}

/** The response of an endpoint, with the beginning of its body. */
export interface WebhookResponse {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: string;
}

const longestRetryAfter = 3_600_000;
const maxQuoted = 200;

/** The outcome of a call with a response. */
export function outcomeOf({ status, retryAfter, body }: WebhookResponse, latency: number): Outcome {
  const kind = kindOf(status);
  return {
    kind,
    status,
    latency,
    error: kind === "delivered" ? null : describeAnswer(status, body),
    retryAfter: kind === "retry" && retryAfter !== null ? parseRetryAfter(retryAfter, Date.now()) : null,
  };
}

/** The outcome of a call without a response. */
export function outcomeOfFailure(error: unknown, latency: number): Outcome {
  const kind = error instanceof BlockedAddressError ? "rejected" : "retry";
  return { kind, status: null, latency, error: describeFailure(error), retryAfter: null };
}

function kindOf(status: number): Outcome["kind"] {
  if (status >= 200 && status < 300) return "delivered";
  if (status === 410) return "gone";
  return status >= 500 || [408, 425, 429].includes(status) ? "retry" : "rejected";
}

/** The header Retry-After in ms, at most an hour: seconds, or a date (RFC 9110, 10.2.3); null when it is invalid. */
function parseRetryAfter(value: string, now: number): number | null {
  const delay = /^\d+$/.test(value) ? Number(value) * 1000 : parseHttpDate(value) - now;
  return Number.isNaN(delay) ? null : Math.min(Math.max(delay, 0), longestRetryAfter);
}

/** `Date.parse` alone accepts too many formats. */
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
