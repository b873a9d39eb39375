import { AuthUnavailableError, InvalidTokenError } from "../auth/auth-errors.js";
import type { VerifyToken } from "../auth/token-verifier.js";
import type { Viewer } from "../auth/viewer.js";

/**
 * Authenticates an `Authorization` header, or its equivalent in the payload of `connection_init` (RFC 6750, section 2.1).
 * @returns null when there is no header
 * @throws InvalidTokenError when the header is not a valid bearer token
 * @throws AuthUnavailableError when the token cannot be checked at the moment
 */
export async function authenticateBearer(header: unknown, verifyToken: VerifyToken): Promise<Viewer | null> {
  if (header === undefined || header === null) return null;
  const token = typeof header === "string" ? /^Bearer +(\S+)\s*$/i.exec(header)?.[1] : undefined;
  if (token === undefined) throw new InvalidTokenError("Authorization must have the form: Bearer <token>");
  try {
    return await verifyToken(token);
  } catch (error) {
    if (error instanceof InvalidTokenError || error instanceof AuthUnavailableError) throw error;
    throw new AuthUnavailableError("Tokens cannot be checked at the moment; try again later", {
      cause: error,
    });
  }
}
