import type { ConnectionState } from "@carillon/client";

/** Errors after which a retry cannot succeed. */
const finalCodes = new Set([
  "FORBIDDEN",
  "BAD_USER_INPUT",
  "GRAPHQL_VALIDATION_FAILED",
  "MESSAGE_REFUSED",
  "MESSAGE_TOO_LARGE",
  "TOKEN",
]);

/** Errors after which a retry may succeed: another instance may have the key already, or the token has just expired. */
const tokenCodes = new Set(["UNAUTHENTICATED", "TOKEN_EXPIRED"]);

/** After this number of consecutive rejections the token counts as invalid. */
const maxTokenRejections = 3;

/**
 * Decides from the successive states of a connection when retrying is pointless: the token is rejected repeatedly, or has no access to
 * the inbox. The client itself stops only when its message is rejected.
 */
export function createFinalErrorDetector(): (state: ConnectionState) => boolean {
  let rejections = 0;
  return ({ status, error }) => {
    if (status === "live") rejections = 0;
    if (error === null) return false;
    if (finalCodes.has(error.code)) return true;
    rejections = tokenCodes.has(error.code) ? rejections + 1 : rejections;
    return rejections >= maxTokenRejections;
  };
}
