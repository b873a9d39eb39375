import type { FeedItem } from "../live/feed.js";
import { encodeCursor } from "../notifications/cursor.js";
import type { EventType, NotificationEvent } from "../notifications/event.js";
import type { NotificationEventResolvers, Resolvers } from "./generated.js";

/** What stands behind an event type of the schema. */
export type EventSource<T extends EventType> = Extract<NotificationEvent, { type: T }>;

const typeNames = {
  created: "NotificationCreated",
  read: "NotificationsRead",
  unread: "NotificationsUnread",
  "all-read": "AllNotificationsRead",
  deleted: "NotificationsDeleted",
  cleared: "NotificationsCleared",
  ready: "InboxReady",
  reset: "InboxReset",
} as const satisfies Record<FeedItem["type"], NonNullable<ReturnType<TypeResolver>>>;

type TypeResolver = (...args: never[]) => keyof Resolvers;

const common = { cursor: (item: FeedItem) => encodeCursor(item.userId, item) };

const notificationIds = (event: EventSource<"read" | "unread" | "deleted">) => event.payload.notificationIds;
const readAt = (event: EventSource<"read" | "all-read">) => event.payload.readAt;
const upToSequence = (event: EventSource<"all-read" | "cleared">) => event.payload.upToSequence;

export const eventResolvers = {
  NotificationEvent: { __resolveType: (item) => typeNames[item.type] } satisfies NotificationEventResolvers,
  NotificationCreated: { ...common, notification: (event) => event.payload.notification },
  NotificationsRead: { ...common, notificationIds, readAt },
  NotificationsUnread: { ...common, notificationIds },
  AllNotificationsRead: { ...common, readAt, upToSequence },
  NotificationsDeleted: { ...common, notificationIds },
  NotificationsCleared: { ...common, upToSequence },
  InboxReady: common,
  InboxReset: common,
} satisfies Resolvers;
