import type { KeyingConfig } from "@urql/exchange-graphcache";
import { eventTypes } from "../client/events.js";

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
      ...Object.values(eventTypes),
    ].map((type) => [type, () => null]),
  ),
};
