import { describeError } from "../server/broker/describe-error.js";
import { printable } from "./terminal-text.js";

/** Exit codes: 0 success, 1 failure, 2 wrong usage. */
export const exitCodes = { done: 0, failed: 1, wrongUsage: 2 } as const;

/** The command failed. The message is for the user, and contains neither tokens nor passwords. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
}

/** An error and its causes in one line: the outermost message alone, such as "fetch failed", often says little. */
export function describeInOneLine(error: unknown): string {
  const messages: string[] = [];
  for (let current = error; hasMessage(current); current = "cause" in current ? current.cause : undefined) {
    const message = current instanceof Error ? describeError(current) : String(current.message);
    if (message !== "" && !messages.some((known) => known.includes(message))) messages.push(message);
  }
  return printable(messages.length === 0 ? String(error) : messages.join(": "));
}

/** True of errors, and of error events of a WebSocket. */
function hasMessage(value: unknown): value is Error | { readonly message: unknown } {
  return typeof value === "object" && value !== null && "message" in value;
}
