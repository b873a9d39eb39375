import { createRemoteJWKSet, errors, type ExportedJWKSCache, jwksCache, type JWTVerifyGetKey } from "jose";
import { type Log, withoutCredentials } from "../telemetry/log.js";
import { AuthUnavailableError } from "./errors.js";

/** Finds the key that a token's header names. */
export type KeyOf = JWTVerifyGetKey;

/** From this age (ms) on, the keys are fetched anew before the next token is read. */
const refreshAfter = 10 * 60_000;

/** Keys older than this (ms) are trusted no more: until then an outage of the issuer goes unnoticed. */
const trustedFor = 60 * 60_000;

/** At most one attempt in this time (ms): neither an outage nor a flood of unknown key ids hammers the issuer. */
const cooldown = 5000;

/** How long (ms) one fetch may take. */
const timeout = 3000;

/**
 * The keys behind a JWKS URL (RFC 7517), fetched when first needed. A key id not seen before fetches them anew, at most once in
 * 5 s, so that a rotation is noticed; a key that was withdrawn is refused after 10 minutes. While the issuer is out of
 * reach the known keys serve for an hour.
 * @throws AuthUnavailableError, from the function that it returns, when the keys cannot be fetched and none will do.
 */
export function remoteKeys(url: URL, log: Log): KeyOf {
  // jose writes the time of each fetch into this object; one of 1970 counts as none.
  const cache: ExportedJWKSCache = { jwks: { keys: [] }, uat: 0 };
  const keys = createRemoteJWKSet(url, {
    [jwksCache]: cache,
    cacheMaxAge: trustedFor,
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
      log.warn({ err: error, url: where }, "signing keys could not be refreshed; the known ones serve on");
    });
  }

  return async (header, token) => {
    await refreshWhenOld();
    try {
      return await keys(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) throw error;
      if (error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      log.error({ err: error, url: where }, "signing keys could not be fetched");
      throw new AuthUnavailableError("The keys that tokens are signed with cannot be fetched", {
        cause: error,
      });
    }
  };
}
