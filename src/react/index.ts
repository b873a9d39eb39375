/** `carillon/react`: a user's live inbox as hooks and as a component. */
export {
  type Inbox as InboxValue,
  useConnection,
  useInbox,
  useNotificationEvent,
  useUnreadCount,
} from "./hooks.js";
export { Inbox, type InboxProps } from "./inbox.js";
export { englishLabels, type InboxLabels } from "./labels.js";
export { type ItemActions, NotificationItem, type NotificationItemProps } from "./notification-item.js";
export { CarillonProvider, type CarillonProviderProps, useClient } from "./provider.js";
