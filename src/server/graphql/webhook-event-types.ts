import { wireNamesByGraphqlEventType } from "../notifications/event-types.js";

/** The enum WebhookEventType of the schema: the wire name behind each of its values. Also read by codegen.ts. */
export const webhookEventTypes = wireNamesByGraphqlEventType();
