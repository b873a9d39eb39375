/**
 * The codes with which the server, or a proxy, refuses a message that it would refuse again (RFC 6455, section 7.4.1, and the
 * GraphQL over WebSocket protocol): unsupported data, invalid data, too big, invalid message, subscriber already exists.
 *
 * After any other code reconnecting is right: 4401 and 4403 refuse the token, and another may be accepted; the rest, from a
 * restart to an error of a proxy, is not permanent.
 */
const messageCodes = new Set([1003, 1007, 1009, 4400, 4409]);

/** A message that is larger than what the server accepts. */
export const messageTooBig = 1009;

/** The server stops, or is replaced (RFC 6455 registry: Service Restart). */
const serviceRestart = 1012;

/** Did an instance close the connection because it stops while others run? */
export function isRestart(event: unknown): boolean {
  return isCloseEvent(event) && event.code === serviceRestart;
}

/** Was the connection closed because a message is not accepted? */
export function isMessageRefusal(event: unknown): event is CloseLike {
  return isCloseEvent(event) && messageCodes.has(event.code);
}

/** What close events have in common in browsers, in the package `ws` and in graphql-ws. */
export interface CloseLike {
  readonly code: number;
  readonly reason: string;
}

/** Is it a close event, and not an error or GraphQL errors? */
export function isCloseEvent(value: unknown): value is CloseLike {
  return (
    typeof value === "object" &&
    value !== null &&
    "code" in value &&
    typeof value.code === "number" &&
    "reason" in value
  );
}

/** The code and, where there is one, the reason. */
export function describeClose({ code, reason }: CloseLike): string {
  return reason === "" ? `${code}` : `${code}: ${reason}`;
}
