import { z } from "zod";
import { type Log, withoutCredentials } from "../telemetry/log.js";

/** Milliseconds. */
const timeout = 5000;

const keySet = z.object({ keys: z.array(z.unknown()) });

/**
 * Counts the keys at a JWKS URL.
 * @throws Error with one line that says why they cannot be read
 */
export async function countJwksKeys(url: string): Promise<number> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeout) });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const answer = keySet.safeParse(await response.json().catch(() => null));
  if (!answer.success) throw new Error("the response is not a JWKS");
  return answer.data.keys.length;
}

/**
 * Logs a warning if no key can be read, because all tokens are rejected then: what is wrong, and what to do. The issuer may
 * become available later.
 */
export async function warnIfNoKeys(url: string, log: Log): Promise<void> {
  const where = withoutCredentials(url);
  try {
    if ((await countJwksKeys(url)) === 0) {
      log.warn(
        { url: where },
        "AUTH_JWKS_URL has no keys, and all tokens are rejected until it has: publish a key at the issuer, or correct AUTH_JWKS_URL",
      );
    }
  } catch (error) {
    log.warn(
      { url: where, reason: describeFetchError(error) },
      "AUTH_JWKS_URL cannot be read, and all tokens are rejected until it can: see whether the issuer answers there, or correct AUTH_JWKS_URL",
    );
  }
}

/** The message of an error of fetch says little without its cause. */
function describeFetchError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause, message } = error;
  if (!(cause instanceof Error)) return message;
  return `${message}: ${"code" in cause ? String(cause.code) : cause.message}`;
}
