import { expect } from "vitest";
import { InvalidInputError } from "../../src/server/notifications/errors.js";

/** It is refused with one line that begins with the field. */
export async function expectRefusal(field: string, doing: Promise<unknown>): Promise<void> {
  const failure: unknown = await doing.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(failure instanceof InvalidInputError)) {
    throw new Error(`${field} should have been refused`, { cause: failure });
  }
  expect(failure.field).toBe(field);
  expect(failure.message.startsWith(`${field} must `)).toBe(true);
  expect(/[\0\n]/.test(failure.message)).toBe(false);
}
