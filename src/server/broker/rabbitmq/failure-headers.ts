import { z } from "zod";
import type { Failures } from "../retry-policy.js";

/** In milliseconds since 1970: AMQP's own timestamps count seconds. */
const time = z.number().transform((ms) => new Date(ms));

const headers = z.object({
  "carillon-failures": z.int().positive(),
  "carillon-first-failed-at": time,
  "carillon-last-failed-at": time,
  "carillon-error": z.string(),
});

/** The headers that carry the failures of a message. */
export function writeFailures(failures: Failures | null): z.input<typeof headers> | undefined {
  if (failures === null) return undefined;
  return {
    "carillon-failures": failures.count,
    "carillon-first-failed-at": failures.firstAt.getTime(),
    "carillon-last-failed-at": failures.lastAt.getTime(),
    "carillon-error": failures.error,
  };
}

/** Null: the message has not failed, or its headers are not ours. */
export function readFailures(found: unknown): Failures | null {
  const { success, data } = headers.safeParse(found);
  if (!success) return null;
  return {
    count: data["carillon-failures"],
    firstAt: data["carillon-first-failed-at"],
    lastAt: data["carillon-last-failed-at"],
    error: data["carillon-error"],
  };
}
