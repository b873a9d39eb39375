/**
 * The values of columns that have a fixed set of them. They are stored and published, so none may change. Without imports,
 * so that programs that need a list do not load the tables.
 */

/** The wire names of the types of events. notifications/event-types.ts has their other spellings. */
export const eventTypes = ["created", "read", "unread", "all-read", "deleted", "cleared"] as const;

/** The wire name of an event's type. */
export type EventType = (typeof eventTypes)[number];

/** The priorities of a notification, the lowest first. */
export const priorities = ["LOW", "NORMAL", "HIGH", "URGENT"] as const;

export type Priority = (typeof priorities)[number];
