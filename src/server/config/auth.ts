import { z } from "zod";
import { keysUrl, oneOf, text } from "./parsers.js";
import { variable } from "./variable.js";

const secret = text("text").refine((value) => Buffer.byteLength(value) >= 32, "must have at least 32 bytes");

/** How tokens are checked. With neither a secret nor keys, the server makes a development secret. */
export const authSection = z.object({
  /** HS256 secret. */
  jwtSecret: variable("AUTH_JWT_SECRET", secret, null),
  /** The JWKS of an issuer. */
  jwksUrl: variable("AUTH_JWKS_URL", keysUrl, null),
  /** The `iss` that a token must have; null: any. */
  issuer: variable("AUTH_JWT_ISSUER", text("text"), null),
  /** The `aud` that a token must have; null: any. */
  audience: variable("AUTH_JWT_AUDIENCE", text("text"), null),
});

/** Tokens for development, which the server signs with the development secret. */
export const developmentSection = z.object({
  /** Whether the server gives out such tokens; `auto`: when only this machine can ask for them. */
  developmentTokens: variable("DEVELOPMENT_TOKENS", oneOf("on", "off", "auto"), "auto"),
});
