/** `carillon/urql`: a user's live inbox in the caches of urql. */
export type { ConnectionStatus } from "../client/connection-state.js";
export { createTransport, type Transport, type TransportOptions } from "../client/transport.js";
export { forwardSubscription } from "./forward-subscription.js";
export { graphcacheOptions } from "./graphcache.js";
export { keepInboxCurrent, type KeepOptions } from "./keep-inbox-current.js";
