import type { EventType } from "../database/column-values.js";

/**
 * The types of events. The key is the wire name: it is stored in the event log and in webhook subscriptions, and sent to
 * the broker. Every other spelling is listed beside it, or derived from it below. None of them may change.
 */
export const eventTypeNames = {
  created: { routingKey: "notification.new", graphqlType: "NotificationCreated" },
  read: { routingKey: "notification.read", graphqlType: "NotificationsRead" },
  unread: { routingKey: "notification.read", graphqlType: "NotificationsUnread" },
  "all-read": { routingKey: "notification.read", graphqlType: "AllNotificationsRead" },
  deleted: { routingKey: "notification.delete", graphqlType: "NotificationsDeleted" },
  cleared: { routingKey: "notification.clear", graphqlType: "NotificationsCleared" },
} as const satisfies Record<EventType, { readonly routingKey: string; readonly graphqlType: string }>;

/** The `type` of a webhook call, e.g. `notification.all_read`. */
export function webhookTypeOf(type: EventType): `notification.${string}` {
  return `notification.${snakeCase(type)}`;
}

/** The value of the GraphQL enum WebhookEventType, e.g. `ALL_READ`. */
export type GraphqlEventType<T extends EventType = EventType> = Uppercase<SnakeCase<T>>;

/** The wire names by the values of the GraphQL enum WebhookEventType. The overload keeps the keys' types. */
export function wireNamesByGraphqlEventType(): { readonly [T in EventType as GraphqlEventType<T>]: T };
export function wireNamesByGraphqlEventType(): Record<string, string> {
  return Object.fromEntries(Object.keys(eventTypeNames).map((type) => [snakeCase(type).toUpperCase(), type]));
}

type SnakeCase<T extends string> = T extends `${infer Head}-${infer Tail}` ? `${Head}_${SnakeCase<Tail>}` : T;

function snakeCase(type: string): string {
  return type.replaceAll("-", "_");
}
