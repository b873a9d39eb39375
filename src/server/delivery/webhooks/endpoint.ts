import { getTableColumns, sql } from "drizzle-orm";
import { webhookEndpoints } from "../../database/tables.js";
import type { NotificationEvent } from "../../notifications/event.js";

type StoredEndpoint = typeof webhookEndpoints.$inferSelect;

/** An external HTTP endpoint that receives events. */
export interface WebhookEndpoint extends Readonly<
  Omit<StoredEndpoint, "batchMaxEvents" | "batchMaxAge" | "secret" | "previousSecret" | "previousSecretUntil">
> {
  /** Several events in one call, by count or age in ms; null: one event for each call. */
  readonly batch: { readonly maxEvents: number; readonly maxAge: number } | null;
  /** The secrets that sign now, the newest first: two for a day after a rotation. Never returned by a query or logged. */
  readonly secrets: readonly string[];
}

/** What to select, or to return, for `toEndpoint`. */
export const endpointColumns = {
  ...getTableColumns(webhookEndpoints),
  /** By the clock of the database, which set the time. */
  previousSecretSigns: sql<boolean | null>`${webhookEndpoints.previousSecretUntil} > now()`,
};

export function toEndpoint(
  row: StoredEndpoint & { readonly previousSecretSigns: boolean | null },
): WebhookEndpoint {
  const {
    batchMaxEvents: maxEvents,
    batchMaxAge: maxAge,
    secret,
    previousSecret,
    previousSecretUntil: _until,
    previousSecretSigns,
    ...fields
  } = row;
  const isSignedTwice = previousSecretSigns === true && previousSecret !== null;
  return {
    ...fields,
    batch: maxEvents === null || maxAge === null ? null : { maxEvents, maxAge },
    secrets: isSignedTwice ? [secret, previousSecret] : [secret],
  };
}

/** Whether the event passes the endpoint's filters. Only created events have a category. */
export function matchesEndpoint(
  { eventTypes, categories }: Pick<WebhookEndpoint, "eventTypes" | "categories">,
  event: NotificationEvent,
): boolean {
  if (eventTypes !== null && !eventTypes.includes(event.type)) return false;
  if (categories === null) return true;
  return event.type === "created" && categories.includes(event.payload.notification.category);
}
