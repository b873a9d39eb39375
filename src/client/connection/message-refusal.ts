import type { JSONTransform, SubscribePayload } from "./graphql-ws-types.js";
import { CarillonError } from "../carillon-error.js";
import { type CloseLike, describeClose, isMessageRefusal, messageTooBig } from "./close-codes.js";
import { maxMessageBytes, messageBytes } from "./message-size.js";
import { type OperationKind, operationKind } from "./operation-kind.js";

/** What the blame for a refused message is decided by. */
interface SentOperation {
  readonly kind: OperationKind;
  readonly isUnanswered: boolean;
  readonly bytes: number;
}

/** Why an operation cannot be sent over any connection: too large, or not valid JSON. null when it can. */
export function oversizeError(payload: SubscribePayload, replacer: JSONTransform | undefined): unknown {
  try {
    const bytes = messageBytes(payload, replacer);
    if (bytes <= maxMessageBytes) return null;
    const limit = `the server accepts at most ${maxMessageBytes} over a WebSocket`;
    return tooLarge(bytes, operationKind(payload), limit);
  } catch (error) {
    return error;
  }
}

/**
 * The operations whose message may be why the connection was closed, with the error of each. An operation that was answered was
 * accepted. When a message was too large, the largest of the unanswered ones certainly is.
 */
export function refusedOperations<T extends SentOperation>(
  event: unknown,
  operations: readonly T[],
): Map<T, CarillonError> {
  if (!isMessageRefusal(event)) return new Map();
  const suspects = operations
    .filter((one) => one.isUnanswered)
    .map((one) => ({ one, bytes: one.bytes }))
    .sort((a, b) => b.bytes - a.bytes);
  const blamed = event.code === messageTooBig ? suspects.slice(0, 1) : suspects;
  return new Map(blamed.map(({ one, bytes }) => [one, refusalError(event, bytes, one.kind)]));
}

/** Was a message refused, so that the same message would be refused again? */
export function isRefusal(error: unknown): error is CarillonError {
  return error instanceof CarillonError && ["MESSAGE_TOO_LARGE", "MESSAGE_REFUSED"].includes(error.code);
}

function refusalError(event: CloseLike, bytes: number, kind: OperationKind): CarillonError {
  const close = describeClose(event);
  if (event.code === messageTooBig) {
    const limit = `the server, or a proxy, accepts less and has closed the connection (${close})`;
    return tooLarge(bytes, kind, limit);
  }
  const message = `The connection was closed (${close}) because of a message, which may be this ${kind}`;
  return new CarillonError("MESSAGE_REFUSED", message);
}

function tooLarge(bytes: number, kind: OperationKind, limit: string): CarillonError {
  const remedy =
    kind === "subscription" ? "Shorten its document or its variables." : "Send it over HTTP, or in parts.";
  return new CarillonError("MESSAGE_TOO_LARGE", `The message has ${bytes} bytes; ${limit}. ${remedy}`);
}
