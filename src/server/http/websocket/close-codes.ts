/**
 * The close codes that the server sends. graphql-ws clients reconnect after 1012, 1013, 4403 and 4408, and never after 1011, 4400,
 * 4401, 4406, 4409, 4429 or 4500, so temporary failures must not use any of the latter.
 * Codes from 4400 on are defined by the GraphQL over WebSocket protocol; graphql-ws itself sends those that are not listed here.
 */
export const closeCodes = {
  /** The peer sends too much; clients do not reconnect (RFC 6455, section 7.4.1: Policy Violation). */
  policyViolation: 1008,
  /** The process shuts down or is replaced (RFC 6455 registry: Service Restart). */
  serviceRestart: 1012,
  /** A dependency is unavailable, or the client reads too slowly (RFC 6455 registry: Try Again Later). */
  tryAgainLater: 1013,
  /** The message is malformed, or one that clients must not send. */
  badRequest: 4400,
  /** The token is missing or invalid: reconnecting with it would not help. */
  unauthorized: 4401,
  /** The token has expired since the socket was authenticated: reconnect with a new one. */
  tokenExpired: 4403,
} as const;
