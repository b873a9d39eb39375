import type { NotificationEventsSubscription, NotificationFieldsFragment } from "./generated-types.js";

/** A notification. Instants are ISO 8601 text. */
export type Notification = NotificationFieldsFragment;

/** An item of the stream: a change of the inbox with a sequence of its own, or one of the markers InboxReady and InboxReset. */
export type NotificationEvent = NotificationEventsSubscription["notificationEvents"];

/** The type of an event by the name that listeners use. */
export const eventTypes = {
  created: "NotificationCreated",
  read: "NotificationsRead",
  unread: "NotificationsUnread",
  allRead: "AllNotificationsRead",
  deleted: "NotificationsDeleted",
  cleared: "NotificationsCleared",
  ready: "InboxReady",
  reset: "InboxReset",
} as const;

export type EventName = keyof typeof eventTypes;

/** The event of a name: EventOf<"created"> contains the notification. */
export type EventOf<Name extends EventName> = Extract<
  NotificationEvent,
  { readonly __typename: (typeof eventTypes)[Name] }
>;
