import type { EventMessage } from "../broker/event-publisher.js";
import type { NotificationEvent } from "../notifications/event.js";
import { eventTypeNames } from "../notifications/event-types.js";
import type { Priority } from "../database/column-values.js";

/** RabbitMQ delivers the greater first; a queue with two levels draws the line at 5. */
const amqpPriorities: Record<Priority, number> = { LOW: 2, NORMAL: 4, HIGH: 6, URGENT: 8 };

/** Encodes an event for the broker. `parseEvent` reads the body. */
export function encodeEvent(event: NotificationEvent): EventMessage {
  return {
    id: event.id,
    type: event.type,
    routingKey: eventTypeNames[event.type].routingKey,
    userId: event.userId,
    priority: amqpPriorities[event.type === "created" ? event.payload.notification.priority : "NORMAL"],
    timestamp: event.occurredAt,
    body: Buffer.from(JSON.stringify(event)),
  };
}
