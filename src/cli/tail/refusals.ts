import type { ConnectionState } from "../../client/connection-state.js";

/** Trying again does not help. */
const final = new Set(["FORBIDDEN", "BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED", "TOKEN"]);

/** It may help: another instance may know the key already, and a token may have expired just now. */
const perhaps = new Set(["UNAUTHENTICATED", "TOKEN_EXPIRED"]);

/** So often a token is shown before it counts as refused. */
const patience = 3;

/**
 * The client itself never gives up. This tells from the states of its connection, one after the other, when somebody who
 * waits for it would wait in vain: the token is refused again and again, or may not see this inbox.
 */
export function refusals(): (state: ConnectionState) => boolean {
  let inARow = 0;
  return ({ status, error }) => {
    if (status === "live") inARow = 0;
    if (error === null) return false;
    if (final.has(error.code)) return true;
    inARow = perhaps.has(error.code) ? inARow + 1 : inARow;
    return inARow >= patience;
  };
}
