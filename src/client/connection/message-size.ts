import { MessageType, stringifyMessage } from "graphql-ws/client";
import type { JSONTransform, SubscribePayload } from "./graphql-ws-types.js";

/** The largest message that the server accepts over a WebSocket, in bytes; a larger one closes the connection with 1009. */
export const maxMessageBytes = 64 * 1024;

/** As long as the ids that graphql-ws generates. */
const anyId = "00000000-0000-0000-0000-000000000000";

/**
 * The size of the message that subscribes to an operation, in bytes.
 * @throws Error when the message is invalid, TypeError when it cannot be serialized as JSON
 */
export function messageBytes(payload: SubscribePayload, replacer?: JSONTransform): number {
  const message = stringifyMessage<MessageType.Subscribe>(
    { id: anyId, type: MessageType.Subscribe, payload },
    replacer,
  );
  return new TextEncoder().encode(message).byteLength;
}
