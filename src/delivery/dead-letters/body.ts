import { isUtf8 } from "node:buffer";
import { depthOf } from "../../notifications/input.js";

/** So much of a letter's body is shown. No body of the service's own comes near it. */
export const shownBytes = 64 * 1024;

/** Deeper than any body of the service's own, and no risk to whoever writes the answer. */
const maxDepth = 100;

/** The beginning of a body as text; what is no UTF-8 becomes replacement characters. */
export function textOf(body: Buffer): string {
  return body.subarray(0, shownBytes).toString("utf8");
}

/** A body as JSON; null when it is something else, or too large or too deep to be shown. */
export function jsonOf(body: Buffer): unknown {
  if (body.length > shownBytes || !isUtf8(body)) return null;
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return depthOf(value, maxDepth + 1) > maxDepth ? null : value;
  } catch {
    return null;
  }
}
