import { createRemoteJWKSet, errors, type ExportedJWKSCache, jwksCache, type JWTVerifyGetKey } from "jose";
import { type Log, withoutCredentials } from "../telemetry/log.js";
import { AuthUnavailableError } from "./auth-errors.js";

/** Returns the key that the header of a token refers to. */
export type KeyResolver = JWTVerifyGetKey;

/** Keys older than this (ms) are fetched again before the next token is checked. */
const refreshAfter = 10 * 60_000;

/** Keys older than this (ms) are no longer used. Until then, an outage of the issuer has no effect. */
const maxAge = 60 * 60_000;

/** Minimum time (ms) between two fetches, so that neither an outage nor a flood of unknown key ids overloads the issuer. */
const cooldown = 5000;

/** Milliseconds until a fetch is aborted. */
const timeout = 3000;

/**
 * Resolves keys from a JWKS URL (RFC 7517), which is fetched when it is first needed. An unknown key id causes another fetch, at most
 * once in 5 seconds, so that new keys are noticed; a withdrawn key is rejected after 10 minutes. While the issuer is
 * unavailable, the cached keys are used for up to an hour.
 *
 * The returned function throws AuthUnavailableError when the keys cannot be fetched and the cached ones do not suffice.
 */
export function createJwksKeyResolver(url: URL, log: Log): KeyResolver {
  // jose writes the time of each fetch into `uat`; 0 means that nothing is cached.
  const cache: ExportedJWKSCache = { jwks: { keys: [] }, uat: 0 };
  const keys = createRemoteJWKSet(url, {
    [jwksCache]: cache,
    cacheMaxAge: maxAge,
    cooldownDuration: cooldown,
    timeoutDuration: timeout,
  });
  const where = withoutCredentials(url.href);
  let nextRefresh = 0;

  async function refreshWhenOld(): Promise<void> {
    const now = Date.now();
    if (cache.uat === 0 || now < cache.uat + refreshAfter || now < nextRefresh) return;
    nextRefresh = now + cooldown;
    await keys.reload().catch((error: unknown) => {
      log.warn({ err: error, url: where }, "JWKS refresh failed: using cached keys");
    });
  }

  return async (header, token) => {
    await refreshWhenOld();
    try {
      return await keys(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) throw error;
      if (error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      log.error({ err: error, url: where }, "JWKS fetch failed");
      throw new AuthUnavailableError("The keys to check tokens cannot be fetched", {
        cause: error,
      });
    }
  };
}
