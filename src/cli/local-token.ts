import { developmentSecret, signToken, type TokenClaims } from "../auth/development-secret.js";
import { readConfig } from "../config.js";
import { CommandFailure } from "./failure.js";

/**
 * Signs a token as this machine's configuration allows: with AUTH_JWT_SECRET, or with the development secret in DATA_DIR,
 * which is made when there is none yet.
 */
export async function signLocally(claims: TokenClaims): Promise<string> {
  const { auth, dataDirectory } = readConfig(process.env);
  if (auth.jwksUrl !== null) {
    throw new CommandFailure(
      "With AUTH_JWKS_URL tokens come from whoever holds those keys: get one there, and set CARILLON_TOKEN",
    );
  }
  return await signToken(auth.jwtSecret ?? (await developmentSecret(dataDirectory)), claims, auth);
}
