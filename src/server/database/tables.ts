import { sql } from "drizzle-orm";
import {
  boolean,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";
import { type EventType, eventTypes, priorities } from "./column-values.js";

/** PostgreSQL keeps microseconds, a Date milliseconds. */
const instant = () => timestamp({ withTimezone: true, precision: 3, mode: "date" });

/** One row for each user. Its row lock serializes the changes of the inbox, so that sequences follow the order of commits. */
export const inboxes = pgTable("inboxes", {
  userId: text().primaryKey(),
  /** Sequence of the user's last event; 0 before the first. */
  lastSequence: integer().notNull().default(0),
  /** Counts of the rows in `notifications`, including expired rows that are not purged yet. */
  unreadCount: integer().notNull().default(0),
  totalCount: integer().notNull().default(0),
});

/** The notifications in the inboxes now. */
export const notifications = pgTable(
  "notifications",
  {
    id: uuid().primaryKey(),
    userId: text().notNull(),
    /** Sequence of the event that created it. It orders the list, and `upTo` is compared with it. */
    createdSequence: integer().notNull(),
    category: text().notNull(),
    title: text().notNull(),
    body: text(),
    data: json(),
    actionUrl: text(),
    priority: text({ enum: priorities }).notNull(),
    createdAt: instant().notNull(),
    readAt: instant(),
    expiresAt: instant(),
  },
  (table) => [
    // Pages of the list, newest first (a backward scan).
    index("notifications_list").on(table.userId, table.createdSequence),
    // Pages of unread notifications; "mark all as read".
    index("notifications_unread")
      .on(table.userId, table.createdSequence)
      .where(sql`${table.readAt} is null`),
    // Expired notifications of one user, which no count includes.
    index("notifications_expiring_by_user")
      .on(table.userId, table.expiresAt)
      .where(sql`${table.expiresAt} is not null`),
    // Expired notifications of all users, for the sweeper.
    index("notifications_expiring")
      .on(table.expiresAt)
      .where(sql`${table.expiresAt} is not null`),
  ],
);

/** The event log of each user, which is the outbox too: `publishAfter` is null once the broker has confirmed the event. */
export const notificationEvents = pgTable(
  "notification_events",
  {
    userId: text().notNull(),
    sequence: integer().notNull(),
    /** Consumers recognize repeats by it. */
    id: uuid().notNull(),
    type: text({ enum: eventTypes }).notNull(),
    occurredAt: instant().notNull(),
    /** Unread notifications after this event. */
    unreadCount: integer().notNull(),
    /** Its fields depend on the type; notifications/event.ts has their schema. */
    payload: json().notNull(),
    /** From then on any relay may publish it. Until then it is leased to the process that is publishing it. */
    publishAfter: instant(),
  },
  (table) => [
    // Catch-up of one user: all events after a sequence.
    primaryKey({ columns: [table.userId, table.sequence] }),
    // The relay's work list, which is usually empty.
    index("notification_events_unpublished")
      .on(table.publishAfter)
      .where(sql`${table.publishAfter} is not null`),
    // Retention: the oldest first.
    index("notification_events_by_time").on(table.occurredAt),
  ],
);

/** The notification that an idempotency key of a sender created. Its content is not stored: a repeat contains it. */
export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    sender: text().notNull(),
    key: text().notNull(),
    /**
     * For instances of versions without the two columns below, which may run during an upgrade and answer a repeat with it.
     * Those versions store the whole notification; this one stores it without its content. A later version drops the column.
     */
    notification: json().notNull(),
    /** Null in rows of such versions, whose `notification` is complete. */
    notificationId: uuid(),
    /** Hash of the input, by notifications/input-hash.ts. Null as above. */
    inputHash: text(),
    /** When the notification was created. */
    createdAt: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.sender, table.key] }),
    index("idempotency_keys_by_time").on(table.createdAt),
  ],
);

/** External HTTP endpoints that receive events. */
export const webhookEndpoints = pgTable("webhook_endpoints", {
  id: uuid().primaryKey(),
  url: text().notNull(),
  description: text(),
  enabled: boolean().notNull(),
  /** Why the endpoint is disabled; null while it is enabled. */
  disabledReason: text({ enum: ["BY_ADMIN", "GONE"] }),
  /** The types of events that the endpoint receives; null: all. */
  eventTypes: json().$type<readonly EventType[]>(),
  /** The categories of created notifications that the endpoint receives, and no other events then; null: all. */
  categories: json().$type<readonly string[]>(),
  /** The most events in one call; null: one event for each call, without a batch. */
  batchMaxEvents: integer(),
  /** How long the first event of a batch waits for more, ms; null with `batchMaxEvents`. */
  batchMaxAge: integer(),
  /** Signs every call: a Standard Webhooks secret (whsec_…). */
  secret: text().notNull(),
  /** The secret before the last rotation, which signs too until `previousSecretUntil`. */
  previousSecret: text(),
  previousSecretUntil: instant(),
  createdAt: instant().notNull(),
  updatedAt: instant().notNull(),
});

/** Delivery attempts, one row for each event in a call. Operators list them, and consumers recognize repeats by them. */
export const webhookAttempts = pgTable(
  "webhook_attempts",
  {
    /** A UUIDv7, which orders the list. */
    id: uuid().primaryKey(),
    endpointId: uuid()
      .notNull()
      .references(() => webhookEndpoints.id, { onDelete: "cascade" }),
    eventId: uuid().notNull(),
    /** 1 for the first. */
    attempt: integer().notNull(),
    attemptedAt: instant().notNull(),
    delivered: boolean().notNull(),
    /** The HTTP status; null without a response. */
    status: integer(),
    /** Until the response or the failure, ms. */
    latency: integer().notNull(),
    /** Why the event was not delivered, in one line. */
    error: text(),
  },
  (table) => [
    index("webhook_attempts_list").on(table.endpointId, table.id),
    // Whether an event was delivered to an endpoint.
    index("webhook_attempts_delivered")
      .on(table.endpointId, table.eventId)
      .where(sql`${table.delivered}`),
    index("webhook_attempts_by_time").on(table.attemptedAt),
  ],
);

/** Messages that could not be handled, stored until an operator retries or discards them. */
export const deadLetters = pgTable(
  "dead_letters",
  {
    /** A hash of the queue and the message, so that a message that arrives twice is stored once. */
    id: text().primaryKey(),
    /** Where the message failed, and where a retry puts it. */
    queue: text().notNull(),
    /** Id and type of the event, from the message; null where the message has none. */
    messageId: text(),
    type: text(),
    priority: integer().notNull(),
    /** In base64: text of PostgreSQL cannot contain every byte. */
    body: text().notNull(),
    reason: text({ enum: ["FAILED", "POISONED", "OVERFLOWED", "REJECTED"] }).notNull(),
    /** The last failure, in one line. */
    error: text(),
    attempts: integer().notNull(),
    firstFailedAt: instant().notNull(),
    lastFailedAt: instant().notNull(),
  },
  (table) => [
    index("dead_letters_list").on(table.lastFailedAt, table.id),
    index("dead_letters_by_queue").on(table.queue, table.lastFailedAt),
  ],
);

/** One row: the identity of this event log, which every cursor contains. */
export const eventLog = pgTable("event_log", {
  singleton: boolean().primaryKey().default(true),
  /** Changed when the log was restored from a backup or failed over, or by command. */
  epoch: uuid().notNull(),
  /** Cluster, timeline and database of the epoch; another place means a restore or a failover. */
  place: text().notNull(),
});
