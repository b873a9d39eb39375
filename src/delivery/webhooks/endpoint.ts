import { sql } from "drizzle-orm";
import { z } from "zod";
import { eventTypes, type NotificationEvent } from "../../notifications/event.js";
import { instant } from "../../notifications/notification.js";

/** Why an endpoint is not enabled: an operator said so, or the endpoint answered 410 Gone. */
export const disabledReasons = ["BY_ADMIN", "GONE"] as const;

/** An endpoint as a statement's JSON bears it. */
export const endpointSchema = z.object({
  id: z.string(),
  url: z.string(),
  description: z.string().nullable(),
  enabled: z.boolean(),
  disabledReason: z.enum(disabledReasons).nullable(),
  /** Which types of events it wants; null: all. */
  eventTypes: z.array(z.enum(eventTypes)).nullable(),
  /** Created notifications of which categories it wants, and then nothing else; null: all. */
  categories: z.array(z.string()).nullable(),
  /** Several events in one call, by count or age in ms; null: one event a call. */
  batch: z.object({ maxEvents: z.int(), maxAge: z.int() }).nullable(),
  createdAt: instant,
  updatedAt: instant,
  /** Those that sign now, the newest first: two for a day after a rotation. Never shown or logged. */
  secrets: z.array(z.string()),
});

/** Where events are posted to, outside. */
export type WebhookEndpoint = Readonly<z.output<typeof endpointSchema>>;

/** The endpoint in row `w`. */
export const endpointJson = sql.raw(`json_build_object(
  'id', w.id, 'url', w.url, 'description', w.description, 'enabled', w.enabled, 'disabledReason', w.disabled_reason,
  'eventTypes', w.event_types, 'categories', w.categories,
  'batch', case when w.batch_max_events is not null then
    json_build_object('maxEvents', w.batch_max_events, 'maxAge', w.batch_max_age) end,
  'createdAt', w.created_at, 'updatedAt', w.updated_at,
  'secrets', case when w.previous_secret_until > now()
    then json_build_array(w.secret, w.previous_secret) else json_build_array(w.secret) end)`);

/** Does the event pass the endpoint's filters? Only created events have a category. */
export function wants(
  { eventTypes, categories }: Pick<WebhookEndpoint, "eventTypes" | "categories">,
  event: NotificationEvent,
): boolean {
  if (eventTypes !== null && !eventTypes.includes(event.type)) return false;
  if (categories === null) return true;
  return event.type === "created" && categories.includes(event.payload.notification.category);
}
