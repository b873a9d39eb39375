import { CarillonError } from "../carillon-error.js";
import { describeClose, isCloseEvent } from "./close-codes.js";

/** What closes a connection means. Anything without a code of its own is NETWORK. */
const codes: Readonly<Record<number, string>> = {
  4401: "UNAUTHENTICATED",
  4403: "TOKEN_EXPIRED",
};

/** The error that the end of a connection means. @param event a close event, or an event or error of the socket */
export function closeError(event: unknown): CarillonError {
  if (event instanceof CarillonError) return event;
  if (!isCloseEvent(event)) return new CarillonError("NETWORK", "The connection failed", { cause: event });
  const code = codes[event.code] ?? "NETWORK";
  return new CarillonError(code, `The connection was closed (${describeClose(event)})`, { cause: event });
}
