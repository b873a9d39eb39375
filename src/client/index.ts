/** `carillon/client`: a user's live inbox, for browsers and Node.js. */
export { type CarillonClient, type ClientOptions, createClient } from "./client.js";
export type { ConnectionState, ConnectionStatus } from "./connection-state.js";
export { type CursorStorage, cursorStorage } from "./cursor-storage.js";
export { CarillonError } from "./errors.js";
export type { EventName, EventOf, Notification, NotificationEvent } from "./events.js";
export * from "./generated-text.js";
export { createInbox, type InboxSnapshot, type InboxStore } from "./inbox.js";
export type { Observable } from "./observable.js";
export { createResumingClient } from "./resuming.js";
