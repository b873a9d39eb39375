import { errors, type JWTPayload, jwtVerify, type JWTVerifyOptions } from "jose";
import type { AuthConfig } from "../config/config.js";
import type { Log } from "../telemetry/log.js";
import { isUserId, userIdRule } from "../validation/user-id.js";
import { AuthUnavailableError, InvalidTokenError } from "./auth-errors.js";
import { type KeyResolver, createJwksKeyResolver } from "./jwks-keys.js";
import type { Viewer } from "./viewer.js";

/**
 * Checks a token and returns its user.
 * @throws InvalidTokenError when the token is forged, expired or meant for another service
 * @throws AuthUnavailableError when the token cannot be checked, because the keys are unavailable
 */
export type VerifyToken = (token: string) => Promise<Viewer>;

/** Seconds by which the issuer's clock may differ from ours (RFC 7519, section 4.1.4: "some small leeway"). */
const clockTolerance = 5;

/** Algorithms are restricted to those of the kind of key, so that a public key is never used as an HMAC secret (RFC 8725, section 2.1). */
const symmetricAlgorithms = ["HS256"];
const asymmetricAlgorithms = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split(" ");

/** Seconds from 1970 to the year 10000. Later times are mistakes, such as milliseconds. */
const latestTime = 253_402_300_800;

/**
 * Creates the verifier of bearer tokens: JWTs signed with the configured secret, or with any key of the JWKS if a JWKS URL is
 * configured. It checks the signature, `exp`, `nbf`, and `iss` and `aud` if they are configured. Keys that the token itself contains or
 * refers to (`jwk`, `jku`, `x5u`) are ignored.
 */
export function createTokenVerifier(config: AuthConfig, log: Log): VerifyToken {
  const options = { ...keyOptions(config), ...claimOptions(config) };
  const keyOf = keyResolverFor(config, log);
  return async (token) => toViewer(await readClaims(token, keyOf, options));
}

function keyResolverFor(config: AuthConfig, log: Log): KeyResolver {
  if (config.jwksUrl !== null) return createJwksKeyResolver(new URL(config.jwksUrl), log);
  if (config.jwtSecret === null) throw new TypeError("A verifier requires a secret or a JWKS URL");
  const secret = new TextEncoder().encode(config.jwtSecret);
  return () => secret;
}

function keyOptions(config: AuthConfig): JWTVerifyOptions {
  return { algorithms: config.jwksUrl === null ? symmetricAlgorithms : asymmetricAlgorithms };
}

function claimOptions({ issuer, audience }: AuthConfig): JWTVerifyOptions {
  return {
    requiredClaims: ["exp", "sub"],
    clockTolerance,
    ...(issuer === null ? {} : { issuer }),
    ...(audience === null ? {} : { audience }),
  };
}

async function readClaims(token: string, keyOf: KeyResolver, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keyOf, options)).payload;
  } catch (error) {
    if (error instanceof errors.JWKSMultipleMatchingKeys) return tryEachKey(error, token, options);
    throw toInvalidTokenError(error);
  }
}

/** For a token without `kid` when several keys of the set fit: tries one after another. */
async function tryEachKey(
  keys: errors.JWKSMultipleMatchingKeys,
  token: string,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  for await (const key of keys) {
    try {
      return (await jwtVerify(token, key, options)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw toInvalidTokenError(error);
    }
  }
  throw new InvalidTokenError("The token is not valid");
}

function toInvalidTokenError(error: unknown): Error {
  if (error instanceof AuthUnavailableError) return error;
  if (error instanceof errors.JWTExpired) {
    return new InvalidTokenError("The token has expired", { cause: error, expired: true });
  }
  return new InvalidTokenError(messageFor(error), { cause: error });
}

/** Names the invalid claim, which is safe because claims are checked after the signature. */
function messageFor(error: unknown): string {
  if (!(error instanceof errors.JWTClaimValidationFailed)) return "The token is not valid";
  const { claim, reason } = error;
  if (reason === "missing") return `The token must have the claim ${claim}`;
  if (reason === "invalid") return timeRule(claim);
  return claim === "nbf" ? "The token is not valid yet" : `The token's ${claim} is not accepted here`;
}

function timeRule(claim: string): string {
  return `The token's ${claim} must be a time in seconds since 1970, before the year 10000`;
}

function toViewer({ sub, scope = "", exp, nbf, iat }: JWTPayload): Viewer {
  // jose checks that the claims exist, but not all of their values.
  if (typeof sub !== "string" || !isUserId(sub)) {
    throw new InvalidTokenError(`The token's sub must have ${userIdRule}`);
  }
  if (exp === undefined) throw new InvalidTokenError("The token must have the claim exp");
  for (const [claim, time] of Object.entries({ exp, nbf, iat })) {
    const isInRange = time === undefined || (time >= 0 && time < latestTime);
    if (!isInRange) throw new InvalidTokenError(timeRule(claim));
  }
  if (typeof scope !== "string") {
    throw new InvalidTokenError("The token's scope must be a space-separated list");
  }
  const scopes = new Set(scope.split(" ").filter((item) => item !== ""));
  return { userId: sub, scopes, expiresAt: Math.floor(exp * 1000) };
}
