import type {
  CarillonClient,
  ConnectionStatus,
  createClient as create,
  NotificationEvent,
} from "../../src/client/index.js";

/** What the pages have, where the functions given to `evaluate` run. */
declare global {
  var createClient: typeof create;
  var client: CarillonClient;
  var events: NotificationEvent[];
  var statuses: ConnectionStatus[];
  /** By a page that pretends to lead: what was said to it, and how it tells of an event. */
  var said: unknown[];
  var tell: (event: NotificationEvent) => void;
}
