import type { EventType } from "../../database/column-values.js";
import { InvalidInputError } from "../../notifications/errors.js";
import { checkText, checkVisibleText, isCategory, maxCategories } from "../../notifications/input.js";
import type { WebhookEndpoint } from "./endpoint.js";

/** An endpoint to create; schema/webhooks.graphql says what is allowed. */
export interface NewEndpoint {
  readonly url: string;
  readonly description: string | null;
  readonly eventTypes: readonly EventType[] | null;
  readonly categories: readonly string[] | null;
  readonly batch: WebhookEndpoint["batch"];
}

/** Undefined fields keep their values. */
export type EndpointChanges = { readonly [K in keyof NewEndpoint]?: NewEndpoint[K] | undefined };

const maxUrl = 2000;
const maxDescription = 500;

/**
 * Checks what the schema cannot express.
 * @throws InvalidInputError that names the first field that is wrong
 */
export function checkEndpoint({ url, description, eventTypes, categories, batch }: EndpointChanges): void {
  if (url !== undefined) checkUrl(url, "input.url");
  if (typeof description === "string") checkVisibleText(description, 0, maxDescription, "input.description");
  if (eventTypes?.length === 0) throw new InvalidInputError("input.eventTypes", "must not be empty");
  if (categories) checkCategories(categories, "input.categories");
  if (batch) {
    checkRange(batch.maxEvents, 1, 1000, "input.batch.maxEvents");
    checkRange(batch.maxAge, 100, 60_000, "input.batch.maxAge");
  }
}

/** The addresses of the host are checked when a call connects, by address-guard.ts. */
function checkUrl(url: string, field: string): void {
  checkText(url, 1, maxUrl, field);
  const isUrl = /^https?:\/\/[^/]/i.test(url) && !/[\p{Cc}\s]/u.test(url) && URL.canParse(url);
  if (!isUrl) throw new InvalidInputError(field, "must be an http or https URL");
  const { username, password } = new URL(url);
  if (username !== "" || password !== "") throw new InvalidInputError(field, "must not contain credentials");
}

function checkCategories(categories: readonly string[], field: string): void {
  if (categories.length < 1 || categories.length > maxCategories) {
    throw new InvalidInputError(field, `must have 1 to ${maxCategories} items, not ${categories.length}`);
  }
  if (!categories.every(isCategory)) {
    throw new InvalidInputError(field, "must each be 1 to 64 characters of a-z 0-9 . _ -");
  }
}

function checkRange(value: number, min: number, max: number, field: string): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new InvalidInputError(field, `must be ${min} to ${max}, not ${value}`);
  }
}
