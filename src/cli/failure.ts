import { describeError } from "../broker/describe-error.js";
import { printable } from "./style.js";

/** What a command ends with: 0 done, 1 it could not be done, 2 it was called in a wrong way. */
export const exitCodes = { done: 0, failed: 1, wrongUsage: 2 } as const;

/** The command could not be done. `message` is all that its user has to know, without a token or a password. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
}

/** An error and why it came about, in one line: what a library wraps around a refused connection says little. */
export function inOneLine(error: unknown): string {
  const messages: string[] = [];
  for (let link = error; isCause(link); link = "cause" in link ? link.cause : undefined) {
    const message = link instanceof Error ? describeError(link) : String(link.message);
    if (message !== "" && !messages.some((known) => known.includes(message))) messages.push(message);
  }
  return printable(messages.length === 0 ? String(error) : messages.join(": "));
}

/** An error, or an event of a socket that bears a message. */
function isCause(value: unknown): value is Error | { readonly message: unknown } {
  return typeof value === "object" && value !== null && "message" in value;
}
