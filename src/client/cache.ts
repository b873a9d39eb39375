/** `@carillon/client/cache`: the building blocks of @carillon/apollo and @carillon/urql. */
export { afterTaken, amongList, type CachedInbox, withRead, without } from "./inbox/inbox-data.js";
export type { RetryOptions } from "./connection/backoff.js";
export type { ConnectionStatus } from "./connection/connection-state.js";
export { eventTypes, type Notification, type NotificationEvent } from "./event-types.js";
export { CacheProjection } from "./inbox/cache-projection.js";
export type { Snapshot } from "./inbox/inbox-projection.js";
export { countUnread, isAmong, setRead } from "./inbox/inbox-state.js";
export { startSyncLoop } from "./inbox/sync-loop.js";
export { createTransport, type Transport, type TransportOptions } from "./transport.js";
export { Value } from "./observable.js";
