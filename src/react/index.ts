"use client";

/** `@carillon/react`: a user's live inbox as hooks and as a component. */
export {
  type Inbox as InboxValue,
  useConnection,
  useInbox,
  useNotificationEvent,
  useUnreadCount,
} from "./hooks.js";
export { Inbox, type InboxProps } from "./inbox.js";
export { englishLabels } from "./labels/english.js";
export { frenchLabels } from "./labels/french.js";
export { germanLabels } from "./labels/german.js";
export { italianLabels } from "./labels/italian.js";
export { japaneseLabels } from "./labels/japanese.js";
export type { InboxLabels } from "./labels/labels.js";
export { portugueseLabels } from "./labels/portuguese.js";
export { simplifiedChineseLabels } from "./labels/simplified-chinese.js";
export { spanishLabels } from "./labels/spanish.js";
export { type ItemActions, NotificationItem, type NotificationItemProps } from "./notification-item.js";
export { CarillonProvider, type CarillonProviderProps, useClient } from "./provider.js";
