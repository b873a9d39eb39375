import { validate as isUuid } from "uuid";
import type { Priority } from "../database/column-values.js";
import { isBlank } from "../validation/blank-text.js";
import { InexactNumber } from "../validation/json.js";
import { isUserId, userIdRule } from "../validation/user-id.js";
import { InvalidInputError } from "./errors.js";

/** The input of a notification to be created. schema/notification.graphql describes the rules. */
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

/** The most categories of a filter, and of a webhook endpoint. */
export const maxCategories = 50;
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
  checkRecipient(input.userId, `${at}.userId`);
  if (!isCategory(input.category)) {
    throw new InvalidInputError(`${at}.category`, "must be 1 to 64 characters of a-z 0-9 . _ -");
  }
  checkVisibleText(input.title, 1, 200, `${at}.title`);
  if (input.body !== null) checkText(input.body, 0, 4000, `${at}.body`);
  checkData(input.data, `${at}.data`);
  if (input.actionUrl !== null) checkActionUrl(input.actionUrl, `${at}.actionUrl`);
  const { expiresAt } = input;
  // One with an idempotency key may be a repeat, whose notification has expired by now.
  const isTooLate = input.idempotencyKey === null && hasPassed(input, now);
  if (expiresAt !== null && (!(expiresAt <= latestInstant) || isTooLate)) throw notInFuture(at);
  if (input.idempotencyKey !== null) {
    checkVisibleText(input.idempotencyKey, 1, 128, `${at}.idempotencyKey`);
  }
}

/** Whether `expiresAt` is in the past. */
export function hasPassed({ expiresAt }: NewNotification, now: Date): boolean {
  return expiresAt !== null && expiresAt <= now;
}

/** The refusal of an input whose `expiresAt` is not in the future. */
export function notInFuture(at: string): InvalidInputError {
  return new InvalidInputError(`${at}.expiresAt`, "must be in the future, and before the year 10000");
}

/** Whether it is a valid category. */
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

/**
 * Checks the id of an inbox that is read or changed. It may be one that `checkRecipient` refuses: operators can look into, and
 * clear, whatever inbox there is.
 * @throws InvalidInputError unless it has 1 to 128 characters.
 */
export function checkUserId(userId: string, field: string): void {
  checkText(userId, 1, 128, field);
}

/** @throws InvalidInputError unless a token can name this user, so that somebody can open the inbox. */
export function checkRecipient(userId: string, field: string): void {
  if (!isUserId(userId)) throw new InvalidInputError(field, `must have ${userIdRule}`);
}

/** Removes ids that no notification can have: they are unknown rather than invalid. */
export function keepValidIds(ids: readonly string[]): string[] {
  return ids.filter((id) => isUuid(id));
}

/** The same for categories to look for. */
export function keepValidCategories(categories: readonly string[]): string[] {
  return categories.filter(isCategory);
}

/** The nearest instant that PostgreSQL and RFC 3339, with its four-digit years, can represent. */
export function clampInstant(instant: Date): Date {
  if (instant > latestInstant) return latestInstant;
  return instant < earliestInstant ? earliestInstant : instant;
}

/** @throws InvalidInputError unless `checkText` accepts it and, where it is not empty, a reader sees something of it. */
export function checkVisibleText(text: string, min: number, max: number, field: string): void {
  checkText(text, min, max, field);
  if (text !== "" && isBlank(text)) throw new InvalidInputError(field, "must have a visible character");
}

/** @throws InvalidInputError unless it has `min` to `max` characters, and PostgreSQL can store it. */
export function checkText(text: string, min: number, max: number, field: string): void {
  const length = characters(text);
  if (length < min || length > max) {
    const allowed = min === 0 ? `at most ${max}` : `${min} to ${max}`;
    throw new InvalidInputError(field, `must have ${allowed} characters, not ${length}`);
  }
  if (!isStorableText(text)) {
    throw new InvalidInputError(field, unstorable);
  }
}

const unstorable = "must be well-formed Unicode without NUL characters";

/** PostgreSQL stores neither NUL nor halves of surrogate pairs. */
function isStorableText(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}

/** Length in Unicode code points, as PostgreSQL counts. */
function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** @throws InvalidInputError unless it is JSON that comes out of the database as it went in, of at most 16 KiB. */
export function checkData(data: unknown, field: string): void {
  const problem = problemIn(data, maxDataDepth);
  if (problem !== null) throw new InvalidInputError(field, problem);
  const bytes = Buffer.byteLength(JSON.stringify(data ?? null));
  if (bytes > maxDataBytes) {
    throw new InvalidInputError(field, `must be at most ${maxDataBytes} bytes as JSON, not ${bytes}`);
  }
}

/** What is wrong with a JSON value that may be nested `levels` deep; null when nothing is. */
function problemIn(value: unknown, levels: number): string | null {
  if (value instanceof InexactNumber) return inexact(value.text);
  if (typeof value === "string") return isStorableText(value) ? null : unstorable;
  if (typeof value !== "object" || value === null) return null;
  if (levels === 0) return `must not be nested deeper than ${maxDataDepth} levels`;
  for (const [name, child] of Object.entries(value)) {
    const problem = problemWithName(name, child) ?? problemIn(child, levels - 1);
    if (problem !== null) return problem;
  }
  return null;
}

/** Code that copies these from one object to another changes what all objects are made of (CWE-1321). */
function problemWithName(name: string, value: unknown): string | null {
  if (name === "__proto__") return "must not contain the name __proto__";
  const isPrototype =
    name === "constructor" &&
    typeof value === "object" &&
    value !== null &&
    Object.hasOwn(value, "prototype");
  if (isPrototype) return "must not contain the name constructor with a prototype";
  return isStorableText(name) ? null : unstorable;
}

function inexact(number: string): string {
  const shown = number.length > 40 ? `${number.slice(0, 40)}…` : number;
  return `must not contain the number ${shown}, which JavaScript cannot hold exactly: send it as a string`;
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
