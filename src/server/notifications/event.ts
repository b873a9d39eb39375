import { z } from "zod";
import type { EventType } from "../database/column-values.js";
import { instant, notificationSchema } from "./notification.js";

/**
 * Events of a user's inbox, as the event log, the broker and the feed carry them. One schema checks rows of the database
 * and messages of the broker.
 */
const base = z.object({
  /** Stable: consumers recognize repeats by it. */
  id: z.string(),
  userId: z.string(),
  /** Identifies the event log that `sequence` counts in; see database/epoch.ts. */
  epoch: z.string(),
  /** 1, 2, 3 … for each user, in commit order, without gaps. */
  sequence: z.int().positive(),
  occurredAt: instant,
  /** Unread notifications after this event. */
  unreadCount: z.int(),
});

const ids = z.array(z.string());

/** The schema of the events of one type. */
function eventOf<T extends EventType, P extends z.ZodRawShape>(type: T, payload: P) {
  return base.extend({ type: z.literal(type), payload: z.object(payload) });
}

const eventSchema = z.discriminatedUnion("type", [
  eventOf("created", { notification: notificationSchema }),
  eventOf("read", { notificationIds: ids, readAt: instant }),
  eventOf("unread", { notificationIds: ids }),
  eventOf("all-read", { readAt: instant, upToSequence: z.int() }),
  eventOf("deleted", { notificationIds: ids }),
  eventOf("cleared", { upToSequence: z.int() }),
]);

/** A change to a user's inbox. */
export type NotificationEvent = Readonly<z.output<typeof eventSchema>>;

/**
 * Parses an event from outside of this process: a row of the event log, or a message.
 * @throws ZodError when it is not an event
 */
export function parseEvent(value: unknown): NotificationEvent {
  return eventSchema.parse(value);
}
