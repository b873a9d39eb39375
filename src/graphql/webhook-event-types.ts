import type { EventType } from "../notifications/event.js";

/** The enum WebhookEventType of the schema: what stands behind each of its names. Read by codegen.ts, too. */
export const webhookEventTypes = {
  CREATED: "created",
  READ: "read",
  UNREAD: "unread",
  ALL_READ: "all-read",
  DELETED: "deleted",
  CLEARED: "cleared",
} as const satisfies Record<string, EventType>;
