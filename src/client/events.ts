import type { NotificationEventsSubscription, NotificationFieldsFragment } from "./generated-text.js";

/** A notification as the client has it. Instants are ISO 8601 text. */
export type Notification = NotificationFieldsFragment;

/** What comes through a stream: changes of the inbox with numbers of their own, and the marks InboxReady and InboxReset. */
export type NotificationEvent = NotificationEventsSubscription["notificationEvents"];

/** By the name under which a listener asks for them. */
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

/** The event of a name, e.g. EventOf<"created"> bears the notification. */
export type EventOf<Name extends EventName> = Extract<
  NotificationEvent,
  { readonly __typename: (typeof eventTypes)[Name] }
>;
