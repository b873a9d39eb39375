import { clampInstant } from "../../notifications/input.js";

/*
 * Makes values storable in PostgreSQL. A message of another program may have any properties; a dead letter that could not be
 * stored would be delivered again and again, and block the others.
 */

/** Replaces NUL and lone surrogates. Filters are changed in the same way, so that they match. */
export function sanitizeText(text: string): string {
  return text.replaceAll("\0", "\uFFFD").toWellFormed();
}

/** The nearest count that fits into an `integer`. */
export function sanitizeCount(count: number): number {
  return Math.min(count, 2 ** 31 - 1);
}

/** The nearest storable instant; now for an invalid date. */
export function sanitizeInstant(instant: Date): Date {
  return Number.isNaN(instant.getTime()) ? new Date() : clampInstant(instant);
}
