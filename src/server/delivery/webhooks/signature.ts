import { createHmac, randomBytes } from "node:crypto";

/**
 * Secrets and signatures of webhooks, by the Standard Webhooks specification. Node.js makes the signature: the reference
 * library, which the tests verify with, hashes in JavaScript and takes ten times as long, which matters for a large
 * batch. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */

const prefix = "whsec_";

/** The specification allows 24 to 64. */
const secretBytes = 32;

/** A new random secret. */
export function newSecret(): string {
  return `${prefix}${randomBytes(secretBytes).toString("base64")}`;
}

/** The signed content. `timestamp` is in seconds since 1970. */
export interface SignedContent {
  readonly messageId: string;
  readonly timestamp: number;
  readonly body: Buffer;
}

/** The header `webhook-signature`: a signature with each secret, so that receivers can change to the new one. */
export function signatures(
  secrets: readonly string[],
  { messageId, timestamp, body }: SignedContent,
): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(prefix.length), "base64");
      const hmac = createHmac("sha256", key).update(`${messageId}.${timestamp}.`).update(body);
      return `v1,${hmac.digest("base64")}`;
    })
    .join(" ");
}
