import type { NotificationEvent } from "../../notifications/event.js";
import { webhookTypeOf } from "../../notifications/event-types.js";

/**
 * The payload of webhooks, as the Standard Webhooks specification recommends:
 *
 *   { "type": "notification.created", "id": …, "timestamp": …, "data": { "userId": …, "sequence": …, "unreadCount": …, … } }
 *   { "type": "batch", "events": [ … ] }
 *
 * `id` is the id of the event, by which receivers recognize repeats, also in a batch. `data` also has the fields of the
 * type: `notification`; `notificationIds`, `readAt`; `upToSequence`.
 */
export interface WebhookEvent {
  readonly type: `notification.${string}` | "test";
  readonly id: string;
  /** When the event occurred. */
  readonly timestamp: Date;
  readonly data: object;
}

/** The body of a call with one event. */
export function eventBody(event: NotificationEvent): Buffer {
  return toBody(toWebhookEvent(event));
}

/** The body of a call with a batch of events. */
export function batchBody(events: readonly NotificationEvent[]): Buffer {
  return toBody({ type: "batch", events: events.map(toWebhookEvent) });
}

/** The body of a test call. */
export function testBody(id: string, timestamp: Date): Buffer {
  return toBody({ type: "test", id, timestamp, data: {} } satisfies WebhookEvent);
}

function toWebhookEvent({ type, id, occurredAt, userId, sequence, unreadCount, payload }: NotificationEvent) {
  const data = { userId, sequence, unreadCount, ...payload };
  return { type: webhookTypeOf(type), id, timestamp: occurredAt, data } satisfies WebhookEvent;
}

function toBody(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
