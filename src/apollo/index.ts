/** `@carillon/apollo`: a user's live inbox in the cache of Apollo Client. */
export type { ConnectionStatus } from "@carillon/client/cache";
export { createTransport, type Transport, type TransportOptions } from "@carillon/client/cache";
export { keepInboxCurrent, type KeepInboxCurrentOptions } from "./keep-inbox-current.js";
export { createLink } from "./link.js";
export {
  clearNotifications,
  deleteNotifications,
  markAllRead,
  markRead,
  markUnread,
} from "./mutation-options.js";
export { carillonTypePolicies } from "./type-policies.js";
