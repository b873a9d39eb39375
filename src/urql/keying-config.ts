import type { KeyingConfig } from "@urql/exchange-graphcache";
import { eventTypes } from "@carillon/client/cache";

/** An inbox is identified by its user; other types without an id are embedded in their parent. */
export const keyingConfig: KeyingConfig = {
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
