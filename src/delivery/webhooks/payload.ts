import type { EventType, NotificationEvent } from "../../notifications/event.js";

/**
 * What webhooks carry, after the recommendation of the Standard Webhooks specification:
 *
 *   { "type": "notification.created", "id": …, "timestamp": …, "data": { "userId": …, "sequence": …, "unreadCount": …, … } }
 *   { "type": "batch", "events": [ … ] }
 *
 * `id` is the event's: stable, so that receivers tell repeats by it, also where an event comes in a batch. `data` bears what
 * is particular to the type, too: `notification`; `notificationIds`, `readAt`; `upToSequence`.
 */
export interface WebhookEvent {
  readonly type: `notification.${string}` | "test";
  readonly id: string;
  /** When it happened. */
  readonly timestamp: Date;
  readonly data: object;
}

const names: Record<EventType, WebhookEvent["type"]> = {
  created: "notification.created",
  read: "notification.read",
  unread: "notification.unread",
  "all-read": "notification.all_read",
  deleted: "notification.deleted",
  cleared: "notification.cleared",
};

/** The body of a call with one event. */
export function eventBody(event: NotificationEvent): Buffer {
  return toBody(toWebhookEvent(event));
}

/** The body of a call with many. */
export function batchBody(events: readonly NotificationEvent[]): Buffer {
  return toBody({ type: "batch", events: events.map(toWebhookEvent) });
}

/** The body of a call that an operator makes to see whether an endpoint works. */
export function testBody(id: string, timestamp: Date): Buffer {
  return toBody({ type: "test", id, timestamp, data: {} } satisfies WebhookEvent);
}

function toWebhookEvent({ type, id, occurredAt, userId, sequence, unreadCount, payload }: NotificationEvent) {
  const data = { userId, sequence, unreadCount, ...payload };
  return { type: names[type], id, timestamp: occurredAt, data } satisfies WebhookEvent;
}

function toBody(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
