import { isUtf8 } from "node:buffer";
import { depthOf } from "../../notifications/input.js";

/** Bytes of a dead letter's body that are shown. The service's own bodies are much smaller. */
export const shownBytes = 64 * 1024;

/** Deeper than any of the service's own bodies, and shallow enough to serialize the response. */
const maxDepth = 100;

/** The beginning of a body as text; invalid UTF-8 becomes replacement characters. */
export function textOf(body: Buffer): string {
  return body.subarray(0, shownBytes).toString("utf8");
}

/** A body as JSON; null when it is not JSON, or too large or too deep to be shown. */
export function jsonOf(body: Buffer): unknown {
  if (body.length > shownBytes || !isUtf8(body)) return null;
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return depthOf(value, maxDepth + 1) > maxDepth ? null : value;
  } catch {
    return null;
  }
}
