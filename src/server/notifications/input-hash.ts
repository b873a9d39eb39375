import { createHash } from "node:crypto";
import type { NewNotification } from "./input.js";

/**
 * Hashes an input, to distinguish a repeated request from another notification with the same idempotency key.
 * Inputs that mean the same have the same hash: instants are compared, not how they are written, and the names in `data`
 * may be in any order. Fields that are null are omitted, so that a version with more fields agrees with this one on inputs
 * without them.
 */
export function hashInput({ idempotencyKey: _key, ...content }: NewNotification): string {
  const given = Object.entries(content).filter(([, value]) => value !== null);
  return createHash("sha256")
    .update(canonicalJson(Object.fromEntries(given)))
    .digest("base64url");
}

/** JSON with the names of every object in order. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
