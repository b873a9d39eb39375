import { InvalidInputError } from "./errors.js";
import type { Priority } from "./notification.js";
import { validate as isUuid } from "uuid";

/** What a sender says of a notification to be created; see schema/notification.graphql for what is allowed. */
export interface NewNotification {
  readonly userId: string;
  readonly category: string;
  readonly title: string;
  readonly body: string | null;
  readonly data: unknown;
  readonly actionUrl: string | null;
  readonly priority: Priority;
  readonly expiresAt: Date | null;
  readonly idempotencyKey: string | null;
}

const maxBulk = 1000;
const maxPage = 100;
const maxDataBytes = 16 * 1024;
const maxDataDepth = 64;
const earliestInstant = new Date("0001-01-01T00:00:00.000Z");
const latestInstant = new Date("9999-12-31T23:59:59.999Z");

/**
 * Checks what the schema cannot say. `at` is the path of the input, e.g. `inputs[3]`.
 * @throws InvalidInputError that names the first field that is wrong.
 */
export function checkNewNotification(input: NewNotification, at: string, now: Date): void {
  checkUserId(input.userId, `${at}.userId`);
  if (!isCategory(input.category)) {
    throw new InvalidInputError(`${at}.category`, "must be 1 to 64 characters of a-z 0-9 . _ -");
  }
  checkText(input.title, 1, 200, `${at}.title`);
  if (input.body !== null) checkText(input.body, 0, 4000, `${at}.body`);
  checkData(input.data, `${at}.data`);
  if (input.actionUrl !== null) checkActionUrl(input.actionUrl, `${at}.actionUrl`);
  if (input.expiresAt !== null && !(input.expiresAt > now && input.expiresAt <= latestInstant)) {
    throw new InvalidInputError(`${at}.expiresAt`, "must be in the future, and before the year 10000");
  }
  if (input.idempotencyKey !== null) checkText(input.idempotencyKey, 1, 128, `${at}.idempotencyKey`);
}

/** Can it be a notification's category? */
export function isCategory(text: string): boolean {
  return /^[a-z0-9._-]{1,64}$/.test(text);
}

/** @throws InvalidInputError unless there are 1 to 1,000 of them. */
export function checkBulk(items: readonly unknown[], field: string): void {
  if (items.length < 1 || items.length > maxBulk) {
    throw new InvalidInputError(field, `must have 1 to ${maxBulk} items, not ${items.length}`);
  }
}

/** @throws InvalidInputError unless a page of `first` items is 1 to 100. */
export function checkPageSize(first: number): void {
  if (!Number.isInteger(first) || first < 1 || first > maxPage) {
    throw new InvalidInputError("first", `must be 1 to ${maxPage}, not ${first}`);
  }
}

/** @throws InvalidInputError unless it is 1 to 128 characters. */
export function checkUserId(userId: string, field: string): void {
  checkText(userId, 1, 128, field);
}

/** Ids that can be a notification's: whatever else a client sends is unknown by nature, not wrong. */
export function possibleIds(ids: readonly string[]): string[] {
  return ids.filter((id) => isUuid(id));
}

/** The same for categories to look for. */
export function possibleCategories(categories: readonly string[]): string[] {
  return categories.filter(isCategory);
}

/** The nearest instant that everyone can write down: PostgreSQL, and RFC 3339 with its years of four digits. */
export function possibleInstant(instant: Date): Date {
  if (instant > latestInstant) return latestInstant;
  return instant < earliestInstant ? earliestInstant : instant;
}

/** @throws InvalidInputError unless it has so many characters, and PostgreSQL can store it. */
export function checkText(text: string, min: number, max: number, field: string): void {
  const length = characters(text);
  if (length < min || length > max) {
    const allowed = min === 0 ? `at most ${max}` : `${min} to ${max}`;
    throw new InvalidInputError(field, `must have ${allowed} characters, not ${length}`);
  }
  if (!isStorable(text)) {
    throw new InvalidInputError(field, "must be well-formed Unicode without NUL characters");
  }
}

/** PostgreSQL stores neither NUL nor halves of surrogate pairs. */
function isStorable(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}

/** Length in Unicode code points, as PostgreSQL counts. */
function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function checkData(data: unknown, field: string): void {
  if (depthOf(data, maxDataDepth + 1) > maxDataDepth) {
    throw new InvalidInputError(field, `must not be nested deeper than ${maxDataDepth} levels`);
  }
  let isAllStorable = true;
  const json = JSON.stringify(data ?? null, (key, value: unknown) => {
    isAllStorable &&= isStorable(key) && (typeof value !== "string" || isStorable(value));
    return value;
  });
  const bytes = Buffer.byteLength(json);
  if (bytes > maxDataBytes) {
    throw new InvalidInputError(field, `must be at most ${maxDataBytes} bytes as JSON, not ${bytes}`);
  }
  if (!isAllStorable)
    throw new InvalidInputError(field, "must be well-formed Unicode without NUL characters");
}

/** How deep a JSON value is nested; looks no deeper than `limit`. */
export function depthOf(value: unknown, limit: number): number {
  if (limit === 0 || typeof value !== "object" || value === null) return 0;
  let deepest = 0;
  for (const child of Object.values(value)) deepest = Math.max(deepest, depthOf(child, limit - 1));
  return deepest + 1;
}

function checkActionUrl(actionUrl: string, field: string): void {
  checkText(actionUrl, 1, 2000, field);
  // "//host" and "/\host" look like paths, and lead to another site.
  const isPath = /^\/(?![/\\])/.test(actionUrl);
  const isUrl = /^https?:\/\//i.test(actionUrl) && URL.canParse(actionUrl);
  if ((!isPath && !isUrl) || /[\p{Cc}\s]/u.test(actionUrl)) {
    throw new InvalidInputError(field, "must be an http or https URL, or a path that begins with one /");
  }
}
