import { AuthUnavailableError, InvalidTokenError } from "../auth/errors.js";
import type { VerifyToken } from "../auth/token.js";
import type { Viewer } from "../auth/viewer.js";

/**
 * Reads an `Authorization` header, or its like in a `connection_init` (RFC 6750, section 2.1): null when there is none.
 * @throws InvalidTokenError when it is something else than a good bearer token.
 * @throws AuthUnavailableError when that cannot be told now, for whatever reason.
 */
export async function authenticate(header: unknown, verifyToken: VerifyToken): Promise<Viewer | null> {
  if (header === undefined || header === null) return null;
  const token = typeof header === "string" ? /^Bearer +(\S+)\s*$/i.exec(header)?.[1] : undefined;
  if (token === undefined) throw new InvalidTokenError("Authorization must be: Bearer <token>");
  try {
    return await verifyToken(token);
  } catch (error) {
    if (error instanceof InvalidTokenError || error instanceof AuthUnavailableError) throw error;
    throw new AuthUnavailableError("Tokens cannot be checked now", { cause: error });
  }
}
