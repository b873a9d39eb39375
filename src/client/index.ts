/** `@carillon/client`: a user's live inbox, for browsers and Node.js. */
export { type CarillonClient, type ClientOptions, createClient } from "./client.js";
export type { ConnectionState, ConnectionStatus } from "./connection/connection-state.js";
export { type CursorStorage, cursorStorage } from "./stream/cursor-storage.js";
export { CarillonError } from "./carillon-error.js";
export type { EventName, EventOf, Notification, NotificationEvent } from "./event-types.js";
export * from "./generated-text.js";
export { createInbox, type InboxOptions, type InboxSnapshot, type InboxStore } from "./inbox/inbox.js";
export type { Observable } from "./observable.js";
export { createResumingClient } from "./connection/resuming-client.js";
export type { ResumingClientOptions, SocketState } from "./connection/resuming-connection.js";
