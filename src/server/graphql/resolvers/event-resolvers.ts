import type { FeedItem, StreamMarker } from "../../live/feed.js";
import { encodeCursor } from "../../notifications/cursor.js";
import type { NotificationEvent } from "../../notifications/event.js";
import type { EventType } from "../../database/column-values.js";
import { eventTypeNames } from "../../notifications/event-types.js";
import type { NotificationEventResolvers, Resolvers } from "../generated.js";

/** The domain's event behind an event type of the schema. */
export type EventSource<T extends EventType> = Extract<NotificationEvent, { type: T }>;

const markerTypes = { ready: "InboxReady", reset: "InboxReset" } as const satisfies Record<
  StreamMarker["type"],
  string
>;

function typeNameOf({ type }: FeedItem) {
  return type === "ready" || type === "reset" ? markerTypes[type] : eventTypeNames[type].graphqlType;
}

const common = { cursor: (item: FeedItem) => encodeCursor(item.userId, item) };

const notificationIds = (event: EventSource<"read" | "unread" | "deleted">) => event.payload.notificationIds;
const readAt = (event: EventSource<"read" | "all-read">) => event.payload.readAt;
const upToSequence = (event: EventSource<"all-read" | "cleared">) => event.payload.upToSequence;

export const eventResolvers = {
  NotificationEvent: { __resolveType: typeNameOf } satisfies NotificationEventResolvers,
  NotificationCreated: { ...common, notification: (event) => event.payload.notification },
  NotificationsRead: { ...common, notificationIds, readAt },
  NotificationsUnread: { ...common, notificationIds },
  AllNotificationsRead: { ...common, readAt, upToSequence },
  NotificationsDeleted: { ...common, notificationIds },
  NotificationsCleared: { ...common, upToSequence },
  InboxReady: common,
  InboxReset: common,
} satisfies Resolvers;
