import {
  readOrCreateDevelopmentSecret,
  signToken,
  type TokenClaims,
} from "../server/auth/development-secret.js";
import { CarillonError } from "@carillon/client";
import { readConfig } from "../server/config/config.js";
import { CommandFailure, describeInOneLine } from "./command-failure.js";

/** Signs a token with AUTH_JWT_SECRET, or with the development secret in DATA_DIR, which is created if it does not exist. */
export async function signLocally(claims: TokenClaims): Promise<string> {
  const { auth, dataDirectory } = readConfig(process.env);
  if (auth.jwksUrl !== null) {
    throw new CommandFailure(
      "With AUTH_JWKS_URL only the issuer of those keys can sign tokens: get one from it, and set CARILLON_TOKEN",
    );
  }
  return await signToken(
    auth.jwtSecret ?? (await readOrCreateDevelopmentSecret(dataDirectory)),
    claims,
    auth,
  );
}

/** The token that a command sends to a server. */
export interface Credentials {
  readonly token: () => string | Promise<string>;
  /** Converts a server's error into one line that says what to do. */
  explain(error: unknown): CommandFailure;
}

/**
 * Uses the token that the user passed, or signs a new one for each connection.
 * @throws when no token can be signed
 */
export async function resolveCredentials(
  given: string | undefined,
  claims: TokenClaims,
): Promise<Credentials> {
  // An empty variable counts as unset.
  if (given !== undefined && given !== "") {
    return { token: () => given, explain: (error) => new CommandFailure(describeInOneLine(error)) };
  }
  await signLocally(claims);
  return {
    token: () => signLocally(claims),
    explain(error) {
      const isRejected = error instanceof CarillonError && error.code === "UNAUTHENTICATED";
      return new CommandFailure(describeInOneLine(error) + (isRejected ? differentSecret : ""));
    },
  };
}

const differentSecret =
  ". It was signed with this machine's secret: set AUTH_JWT_SECRET or DATA_DIR to the server's value, or set CARILLON_TOKEN";
