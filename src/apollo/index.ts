/** `carillon/apollo`: a user's live inbox in the cache of Apollo Client. */
export type { ConnectionStatus } from "../client/connection-state.js";
export { createTransport, type Transport, type TransportOptions } from "../client/transport.js";
export { keepInboxCurrent, type KeepOptions } from "./keep-inbox-current.js";
export { createLink } from "./link.js";
export { clearNotifications, deleteNotifications, markAllRead, markRead, markUnread } from "./mutations.js";
export { carillonTypePolicies } from "./type-policies.js";
