import { developmentSecret, signToken, type TokenClaims } from "../auth/development-secret.js";
import { CarillonError } from "../client/errors.js";
import { readConfig } from "../config.js";
import { CommandFailure, inOneLine } from "./failure.js";

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

/** The tokens that a command shows to a server. */
export interface Credentials {
  readonly token: () => string | Promise<string>;
  /** A refusal in one line, with what to do. */
  explain(error: unknown): CommandFailure;
}

/**
 * The token that the user gave, or one that is signed here, anew each time.
 * @throws what keeps it from being signed
 */
export async function credentialsFor(given: string | undefined, claims: TokenClaims): Promise<Credentials> {
  // An empty variable counts as unset, as everywhere.
  if (given !== undefined && given !== "") {
    return { token: () => given, explain: (error) => new CommandFailure(inOneLine(error)) };
  }
  await signLocally(claims);
  return {
    token: () => signLocally(claims),
    explain(error) {
      const isRefused = error instanceof CarillonError && error.code === "UNAUTHENTICATED";
      return new CommandFailure(inOneLine(error) + (isRefused ? secretDiffers : ""));
    },
  };
}

const secretDiffers =
  ". It was signed with the secret of this machine: set AUTH_JWT_SECRET or DATA_DIR as the server has it, or CARILLON_TOKEN";
