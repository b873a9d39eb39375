import type { NotificationEvent } from "../../src/server/notifications/event.js";
import type { Received } from "../kit/subscriber.js";

/** An event, in the form in which the checker compares what was delivered with what stands in the log. */
export interface Change {
  readonly userId: string;
  readonly sequence: number;
  readonly type: NotificationEvent["type"];
  /** Of the notifications that it names, sorted. */
  readonly ids: readonly string[];
  /** The title of what was created: the writer puts its idempotency key there. */
  readonly title: string | null;
  /** Everything created up to this sequence is meant. */
  readonly upTo: number | null;
  readonly unreadCount: number;
  /** Milliseconds since 1970. */
  readonly occurredAt: number;
}

type Mark = Extract<Received, { __typename: "InboxReady" | "InboxReset" }>;

export function isMark(item: Received): item is Mark {
  return item.__typename === "InboxReady" || item.__typename === "InboxReset";
}

/** What a subscriber was given. */
export function changeOf(item: Exclude<Received, Mark>): Change {
  const { userId, sequence, unreadCount } = item;
  const base = {
    userId,
    sequence,
    unreadCount,
    ids: [],
    title: null,
    upTo: null,
    occurredAt: Date.parse(item.occurredAt),
  };
  switch (item.__typename) {
    case "NotificationCreated":
      return { ...base, type: "created", ids: [item.notification.id], title: item.notification.title };
    case "NotificationsRead":
      return { ...base, type: "read", ids: item.notificationIds.toSorted() };
    case "NotificationsUnread":
      return { ...base, type: "unread", ids: item.notificationIds.toSorted() };
    case "NotificationsDeleted":
      return { ...base, type: "deleted", ids: item.notificationIds.toSorted() };
    case "AllNotificationsRead":
      return { ...base, type: "all-read", upTo: item.upToSequence };
    case "NotificationsCleared":
      return { ...base, type: "cleared", upTo: item.upToSequence };
  }
}

/** What stands in the log. */
export function changeInLog(event: NotificationEvent): Change {
  const { userId, sequence, unreadCount, type } = event;
  const base = {
    userId,
    sequence,
    unreadCount,
    type,
    ids: [],
    title: null,
    upTo: null,
    occurredAt: event.occurredAt.getTime(),
  };
  switch (event.type) {
    case "created": {
      const { id, title } = event.payload.notification;
      return { ...base, ids: [id], title };
    }
    case "read":
    case "unread":
    case "deleted":
      return { ...base, ids: event.payload.notificationIds.toSorted() };
    case "all-read":
    case "cleared":
      return { ...base, upTo: event.payload.upToSequence };
  }
}

/** All that makes one change another, in one line. */
export function inOneLine(change: Change): string {
  const { userId, sequence, type, ids, title, upTo, unreadCount, occurredAt } = change;
  return JSON.stringify([userId, sequence, type, ids, title, upTo, unreadCount, occurredAt]);
}
