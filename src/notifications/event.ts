import { z } from "zod";
import type { BrokerMessage, WorkQueue } from "../broker/broker.js";
import { instant, notificationSchema, type Priority } from "./notification.js";

/**
 * Events of a user's inbox, as the log, the broker and the feed carry them. One schema reads them all: what comes out of the
 * database and what comes off the wire is checked alike.
 */
const base = z.object({
  /** Stable: consumers tell repeats by it. */
  id: z.string(),
  userId: z.string(),
  /** The log that `sequence` counts in; see database/epoch.ts. */
  epoch: z.string(),
  /** 1, 2, 3 … for each user, in the order of the commits, without holes. */
  sequence: z.int().positive(),
  occurredAt: instant,
  /** Unread after this event. */
  unreadCount: z.int(),
});

const ids = z.array(z.string());

const eventSchema = z.discriminatedUnion("type", [
  base.extend({ type: z.literal("created"), payload: z.object({ notification: notificationSchema }) }),
  base.extend({ type: z.literal("read"), payload: z.object({ notificationIds: ids, readAt: instant }) }),
  base.extend({ type: z.literal("unread"), payload: z.object({ notificationIds: ids }) }),
  base.extend({ type: z.literal("all-read"), payload: z.object({ readAt: instant, upToSequence: z.int() }) }),
  base.extend({ type: z.literal("deleted"), payload: z.object({ notificationIds: ids }) }),
  base.extend({ type: z.literal("cleared"), payload: z.object({ upToSequence: z.int() }) }),
]);

/** A change of a user's inbox. */
export type NotificationEvent = Readonly<z.output<typeof eventSchema>>;

export type EventType = NotificationEvent["type"];

/** All of them. */
export const eventTypes = eventSchema.options.map(({ shape }) => shape.type.value);

/**
 * Checks an event of unknown origin: a row of the log, or a message.
 * @throws ZodError when it is none.
 */
export function parseEvent(value: unknown): NotificationEvent {
  return eventSchema.parse(value);
}

const routingKeys: Record<EventType, WorkQueue> = {
  created: "notification.new",
  read: "notification.read",
  unread: "notification.read",
  "all-read": "notification.read",
  deleted: "notification.delete",
  cleared: "notification.clear",
};

/** RabbitMQ serves the greater first; where it knows only two levels, from 5 on. */
const amqpPriorities: Record<Priority, number> = { LOW: 2, NORMAL: 4, HIGH: 6, URGENT: 8 };

/** The event as a message for the broker. */
export function toMessage(event: NotificationEvent): BrokerMessage {
  return {
    id: event.id,
    type: event.type,
    routingKey: routingKeys[event.type],
    userId: event.userId,
    priority: amqpPriorities[event.type === "created" ? event.payload.notification.priority : "NORMAL"],
    timestamp: event.occurredAt,
    body: Buffer.from(JSON.stringify(event)),
  };
}
