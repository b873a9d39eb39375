/** `@carillon/urql`: a user's live inbox in the caches of urql. */
export type { ConnectionStatus } from "@carillon/client/cache";
export { createTransport, type Transport, type TransportOptions } from "@carillon/client/cache";
export { forwardSubscription } from "./forward-subscription.js";
export { graphcacheOptions } from "./graphcache-options.js";
export { keepInboxCurrent, type KeepInboxCurrentOptions } from "./keep-inbox-current.js";
