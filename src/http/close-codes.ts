/**
 * Why the server closes a WebSocket. A graphql-ws client comes back by itself after 1012, 1013, 4403 and 4408, and never
 * after 1011, 4400, 4401, 4406, 4409, 4429 or 4500, so none of these may stand for a passing trouble.
 * The codes from 4400 on are those of the GraphQL over WebSocket protocol; the library sends the ones not listed here.
 */
export const closeCodes = {
  /** The process ends, or a new one takes its place (RFC 6455 registry: Service Restart). */
  restarting: 1012,
  /** Something is out of reach, or the client reads too slowly (RFC 6455 registry: Try Again Later). */
  tryAgainLater: 1013,
  /** No token, or a bad one: coming back with it would not help. */
  unauthorized: 4401,
  /** The token has expired while the socket was live: come back with a new one. */
  tokenExpired: 4403,
} as const;
