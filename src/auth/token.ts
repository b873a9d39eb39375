import { errors, type JWTPayload, jwtVerify, type JWTVerifyOptions } from "jose";
import type { AuthConfig } from "../config.js";
import type { Log } from "../telemetry/log.js";
import { AuthUnavailableError, InvalidTokenError } from "./errors.js";
import { type KeyOf, remoteKeys } from "./remote-keys.js";
import type { Viewer } from "./viewer.js";

/**
 * Tells who bears a token.
 * @throws InvalidTokenError when the token proves nothing: forged, expired, not for us.
 * @throws AuthUnavailableError when it cannot be told now, because the keys are out of reach.
 */
export type VerifyToken = (token: string) => Promise<Viewer>;

/** Seconds by which the issuer's clock may differ from ours (RFC 8725 and RFC 7519, section 4.1.4: "some small leeway"). */
const clockTolerance = 5;

/** Only what the kind of key can sign: a public key is never taken for an HMAC secret (RFC 8725, section 2.1). */
const symmetricAlgorithms = ["HS256"];
const asymmetricAlgorithms = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split(" ");

/** 1 to 128 characters, none of which a database or a log line cannot hold: controls and lone surrogates. */
const userIdPattern = /^[^\p{Cc}\p{Cs}]{1,128}$/u;

/**
 * Makes the verifier of bearer tokens: JWTs signed with the one secret, or with any key of the JWKS when a JWKS URL is
 * set. The signature, `exp`, `nbf`, and where configured `iss` and `aud` are checked; keys that the token itself brings
 * along or points to (`jwk`, `jku`, `x5u`) are never looked at.
 */
export function createVerifier(config: AuthConfig, log: Log): VerifyToken {
  const options = { ...keyOptions(config), ...claimOptions(config) };
  const keyOf = keySource(config, log);
  return async (token) => viewerOf(await readClaims(token, keyOf, options));
}

function keySource(config: AuthConfig, log: Log): KeyOf {
  if (config.jwksUrl !== null) return remoteKeys(new URL(config.jwksUrl), log);
  if (config.jwtSecret === null) throw new TypeError("A verifier needs a secret or a JWKS URL");
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

async function readClaims(token: string, keyOf: KeyOf, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keyOf, options)).payload;
  } catch (error) {
    if (error instanceof errors.JWKSMultipleMatchingKeys) return tryEach(error, token, options);
    throw refusal(error);
  }
}

/** A token without `kid`, while the set holds several keys of its kind: the right one is found by trying. */
async function tryEach(
  keys: errors.JWKSMultipleMatchingKeys,
  token: string,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  for await (const key of keys) {
    try {
      return (await jwtVerify(token, key, options)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw refusal(error);
    }
  }
  throw new InvalidTokenError("The token is not valid");
}

function refusal(error: unknown): Error {
  if (error instanceof AuthUnavailableError) return error;
  if (error instanceof errors.JWTExpired) {
    return new InvalidTokenError("The token has expired", { cause: error, expired: true });
  }
  return new InvalidTokenError("The token is not valid", { cause: error });
}

function viewerOf({ sub, exp, scope = "" }: JWTPayload): Viewer {
  // jose checks that the claim is there, and not of what type it is.
  if (typeof sub !== "string" || !userIdPattern.test(sub)) {
    throw new InvalidTokenError("The token's sub must have 1 to 128 printable characters");
  }
  if (exp === undefined) throw new InvalidTokenError("The token must have an exp");
  if (typeof scope !== "string") {
    throw new InvalidTokenError("The token's scope must be a list separated by spaces");
  }
  const scopes = new Set(scope.split(" ").filter((item) => item !== ""));
  return { userId: sub, scopes, expiresAt: exp * 1000 };
}
