/**
 * Why something could not be done.
 * - UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, NOT_FOUND, SERVICE_UNAVAILABLE and what else the server says;
 * - NETWORK: no answer, or none that is GraphQL: a command may or may not have happened;
 * - TOKEN: the token callback failed;
 * - DISPOSED: the client was disposed of.
 */
export class CarillonError extends Error {
  override readonly name = "CarillonError";

  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
