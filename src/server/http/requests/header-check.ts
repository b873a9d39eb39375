import type { IncomingMessage } from "node:http";
import { maxMediaTypeLength } from "./media-types.js";

/** A request whose headers are invalid. */
export interface HeaderError {
  readonly status: 400 | 431;
  /** The client receives it. */
  readonly message: string;
}

/** The syntax of host and port (RFC 3986, section 3.2.2); the URL parser checks their values. */
const hostPattern = /^(\[[\da-f:.]+\]|[\w.~!$&'()*+,;=%-]+)(:\d*)?$/i;

/**
 * Checks the headers that all other code relies on, above all that there is exactly one valid Host (RFC 9112, section 3.2).
 * HTTP/1.0 requires no Host; Node.js rejects HTTP/1.1 requests without one.
 * @returns null when the headers are valid
 */
export function checkHeaders({ headers, rawHeaders }: IncomingMessage): HeaderError | null {
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host");
  if (hosts.length > 1) return { status: 400, message: "The request must have exactly one Host header" };
  if (headers.host !== undefined && !isHost(headers.host)) {
    return {
      status: 400,
      message: "The Host header must be a host name or an address, with an optional port",
    };
  }
  for (const name of ["accept", "content-type"] as const) {
    if ((headers[name] ?? "").length > maxMediaTypeLength) {
      const message = `The header ${name} must have at most ${maxMediaTypeLength} characters`;
      return { status: 431, message };
    }
  }
  return null;
}

function isHost(host: string): boolean {
  return host.length <= 300 && hostPattern.test(host) && URL.canParse(`http://${host}`);
}
