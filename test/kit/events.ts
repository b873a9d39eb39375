import { randomUUID } from "node:crypto";
import { type NotificationEvent, parseEvent } from "../../src/server/notifications/event.js";
import type { EventType } from "../../src/server/database/column-values.js";

const [ids, at] = [["n1"], "2026-11-23T09:41:17.111Z"];

const payloads: Record<EventType, object> = {
  created: {},
  read: { notificationIds: ids, readAt: at },
  unread: { notificationIds: ids },
  "all-read": { readAt: at, upToSequence: 3 },
  deleted: { notificationIds: ids },
  cleared: { upToSequence: 3 },
};

/** An event as the log would contain it; `category` is that of the notification that was created. */
export function eventOf(type: EventType, category = "test.plain"): NotificationEvent {
  const notification = {
    id: randomUUID(),
    userId: "ada",
    category,
    title: "A title",
    body: null,
    data: { of: "theirs" },
    actionUrl: null,
    priority: "NORMAL",
    createdAt: at,
    readAt: null,
    expiresAt: null,
  };
  return parseEvent({
    id: randomUUID(),
    userId: "ada",
    epoch: randomUUID(),
    sequence: 4,
    occurredAt: at,
    unreadCount: 2,
    type,
    payload: type === "created" ? { notification } : payloads[type],
  });
}
