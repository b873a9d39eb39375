import type { KeyingConfig, PossibleTypesConfig } from "@urql/exchange-graphcache";

const eventTypes = [
  "NotificationCreated",
  "NotificationsRead",
  "NotificationsUnread",
  "AllNotificationsRead",
  "NotificationsDeleted",
  "NotificationsCleared",
  "InboxReady",
  "InboxReset",
];

/** Which types an interface stands for: without them Graphcache would have to guess which fragments fit. */
export const possibleTypes: PossibleTypesConfig = { NotificationEvent: eventTypes };

/** An inbox is its user's; what else has no id is part of what it is found in. */
export const keys: KeyingConfig = {
  Inbox: ({ userId }) => (typeof userId === "string" ? userId : null),
  ...Object.fromEntries(
    [
      "NotificationConnection",
      "NotificationEdge",
      "PageInfo",
      "CreateNotificationPayload",
      "CreateNotificationsPayload",
      "NotificationsPayload",
      "DeleteNotificationsPayload",
      "InboxPayload",
      ...eventTypes,
    ].map((type) => [type, () => null]),
  ),
};
