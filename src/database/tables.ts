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

const instant = () => timestamp({ withTimezone: true, precision: 3, mode: "date" });

/** One row a user. Its row lock puts the user's changes in line: the sequence is the order of their commits. */
export const inboxes = pgTable("inboxes", {
  userId: text().primaryKey(),
  /** Number of the user's last event; 0 before the first. */
  lastSequence: integer().notNull().default(0),
  /** Counts of the rows in `notifications`, those included that have expired and are not swept yet. */
  unreadCount: integer().notNull().default(0),
  totalCount: integer().notNull().default(0),
});

/** What is in the inboxes now. */
export const notifications = pgTable(
  "notifications",
  {
    id: uuid().primaryKey(),
    userId: text().notNull(),
    /** Number of the event that created it: the order of the list, and what `upTo` compares with. */
    createdSequence: integer().notNull(),
    category: text().notNull(),
    title: text().notNull(),
    body: text(),
    data: json(),
    actionUrl: text(),
    priority: text({ enum: ["LOW", "NORMAL", "HIGH", "URGENT"] }).notNull(),
    createdAt: instant().notNull(),
    readAt: instant(),
    expiresAt: instant(),
  },
  (table) => [
    // The list, newest first (the index read backwards), page by page.
    index("notifications_list").on(table.userId, table.createdSequence),
    // The list of unread ones; "mark all as read".
    index("notifications_unread")
      .on(table.userId, table.createdSequence)
      .where(sql`${table.readAt} is null`),
    // What has expired of one user, which every count leaves out.
    index("notifications_expiring_by_user")
      .on(table.userId, table.expiresAt)
      .where(sql`${table.expiresAt} is not null`),
    // What has expired of anyone, for the sweeper.
    index("notifications_expiring")
      .on(table.expiresAt)
      .where(sql`${table.expiresAt} is not null`),
  ],
);

/** The event log of every user, and the outbox: `publishAfter` is null once the broker has confirmed the event. */
export const notificationEvents = pgTable(
  "notification_events",
  {
    userId: text().notNull(),
    sequence: integer().notNull(),
    /** Stable id of the event, by which consumers tell repeats. */
    id: uuid().notNull(),
    type: text({ enum: ["created", "read", "unread", "all-read", "deleted", "cleared"] }).notNull(),
    occurredAt: instant().notNull(),
    /** Unread after this event. */
    unreadCount: integer().notNull(),
    /** What is particular to the type; see notifications/event.ts. */
    payload: json().notNull(),
    /** From when on any relay may take it: whoever publishes it now holds it until then. */
    publishAfter: instant(),
  },
  (table) => [
    // Catch-up of one user: everything after a sequence.
    primaryKey({ columns: [table.userId, table.sequence] }),
    // The relay's work list; empty most of the time.
    index("notification_events_unpublished")
      .on(table.publishAfter)
      .where(sql`${table.publishAfter} is not null`),
    // Retention: the oldest first.
    index("notification_events_by_time").on(table.occurredAt),
  ],
);

/** What a sender's idempotency key gave the first time. */
export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    sender: text().notNull(),
    key: text().notNull(),
    /** The notification as it was created: the answer to every repeat, whatever became of it since. */
    notification: json().notNull(),
    createdAt: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.sender, table.key] }),
    index("idempotency_keys_by_time").on(table.createdAt),
  ],
);

/** Where events are posted to, outside: the webhooks. */
export const webhookEndpoints = pgTable("webhook_endpoints", {
  id: uuid().primaryKey(),
  url: text().notNull(),
  description: text(),
  enabled: boolean().notNull(),
  /** Why it is not enabled; null while it is. */
  disabledReason: text({ enum: ["BY_ADMIN", "GONE"] }),
  /** Types and categories of events that it wants, as JSON lists of strings; null: all. */
  eventTypes: json(),
  categories: json(),
  /** It takes up to so many events in one call … */
  batchMaxEvents: integer(),
  /** … that waited for at most so many milliseconds; both null: one event a call. */
  batchMaxAge: integer(),
  /** Signs every call; a Standard Webhooks secret (whsec_…). */
  secret: text().notNull(),
  /** After a rotation the one before signs too, until then. */
  previousSecret: text(),
  previousSecretUntil: instant(),
  createdAt: instant().notNull(),
  updatedAt: instant().notNull(),
});

/** Every call of a webhook, one row for each event in it: what operators look at, and how repeats are told. */
export const webhookAttempts = pgTable(
  "webhook_attempts",
  {
    /** A UUIDv7: the order of the list. */
    id: uuid().primaryKey(),
    endpointId: uuid()
      .notNull()
      .references(() => webhookEndpoints.id, { onDelete: "cascade" }),
    eventId: uuid().notNull(),
    /** 1 for the first. */
    attempt: integer().notNull(),
    attemptedAt: instant().notNull(),
    delivered: boolean().notNull(),
    /** The HTTP status; null when there was no answer. */
    status: integer(),
    /** Milliseconds until the answer, or until there was none. */
    latency: integer().notNull(),
    /** Why it was not delivered, in one line. */
    error: text(),
  },
  (table) => [
    index("webhook_attempts_list").on(table.endpointId, table.id),
    // Whether an endpoint has had an event.
    index("webhook_attempts_delivered")
      .on(table.endpointId, table.eventId)
      .where(sql`${table.delivered}`),
    index("webhook_attempts_by_time").on(table.attemptedAt),
  ],
);

/** What could not be handled, kept until somebody retries or discards it. */
export const deadLetters = pgTable(
  "dead_letters",
  {
    /** Of the queue and the message, so that a letter that comes twice is kept once. */
    id: text().primaryKey(),
    /** Where it failed, and where it goes when it is retried. */
    queue: text().notNull(),
    /** The event's id and type, as the message bore them; null on a message that bore none. */
    messageId: text(),
    type: text(),
    priority: integer().notNull(),
    /** Base64. */
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

/** One row: the identity of this event log, which every cursor bears. */
export const eventLog = pgTable("event_log", {
  singleton: boolean().primaryKey().default(true),
  /** Changed when the log is not the one it was: restored from a backup, or by command. */
  epoch: uuid().notNull(),
  /** Cluster, timeline and database that the epoch was made in: another place means a restore. */
  place: text().notNull(),
});
