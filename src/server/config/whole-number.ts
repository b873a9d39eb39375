import { z } from "zod";

/** Text that is a whole number in decimal digits, as a number. */
export function wholeNumber(min: number, max: number) {
  const allowed = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d+$/, allowed)
    .transform(Number)
    .refine((value) => value >= min && value <= max, allowed);
}
