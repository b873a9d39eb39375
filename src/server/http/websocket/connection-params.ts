import { InvalidTokenError } from "../../auth/auth-errors.js";

/** A close reason, which has at most 123 bytes. */
export const tokenRequired =
  'A token is required: send {"authorization": "Bearer <token>"} as the payload of connection_init';

/**
 * Reads the authorization from the payload of `connection_init`: a member of the payload itself or of its `headers`, where some GraphQL
 * clients put HTTP headers. Names are case-insensitive.
 * @returns null when there is none
 * @throws InvalidTokenError when there are several that differ, because the server must not choose one
 */
export function readAuthorization(params: Readonly<Record<string, unknown>> = {}): unknown {
  const headers = valuesOf(params, "headers").flatMap((value) => (isRecord(value) ? [value] : []));
  const [first = null, ...others] = [params, ...headers].flatMap((part) => valuesOf(part, "authorization"));
  if (others.some((other) => normalized(other) !== normalized(first))) {
    throw new InvalidTokenError("The payload of connection_init contains several tokens: send one");
  }
  return first;
}

/** The values of the members with this name, in any case. Members that are null count as absent. */
function valuesOf(record: Readonly<Record<string, unknown>>, sought: string): unknown[] {
  return Object.entries(record).flatMap(([name, value]) =>
    name.toLowerCase() === sought && value !== null && value !== undefined ? [value] : [],
  );
}

/** The name of the scheme is case-insensitive, too. */
function normalized(value: unknown): unknown {
  return typeof value === "string" ? value.trim().replace(/^bearer +/i, "Bearer ") : value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
