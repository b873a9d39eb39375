import { possibleInstant } from "../../notifications/input.js";

/*
 * What PostgreSQL can store. Anyone who reaches the broker can write anything on a message; a letter that could not be
 * stored would be given again and again, and hold up the others.
 */

/**
 * A text without NUL and halves of surrogate pairs. What somebody looks for is changed alike, so that it is found.
 */
export function storable(text: string): string {
  return text.replaceAll("\0", "\uFFFD").toWellFormed();
}

/** The nearest count that an `integer` holds. */
export function storableCount(count: number): number {
  return Math.min(count, 2 ** 31 - 1);
}

/** The nearest instant; now, when it is none. */
export function storableInstant(instant: Date): Date {
  return Number.isNaN(instant.getTime()) ? new Date() : possibleInstant(instant);
}
