/**
 * Why something failed. `code` is one of:
 * - UNAUTHENTICATED: the server refuses the token (401, 4401); the client asks for another;
 * - FORBIDDEN, BAD_USER_INPUT, NOT_FOUND, SERVICE_UNAVAILABLE and whatever else the server answers;
 * - NETWORK: no answer, or none that is GraphQL: a command may or may not have been executed;
 * - TOKEN: the token callback failed, did not answer, or returned something that is not a token: the server was not asked;
 * - TOKEN_EXPIRED: the token has expired on a live connection (4403); the client asks for another;
 * - MESSAGE_TOO_LARGE: the message is larger than the server, or a proxy, accepts: nothing was executed;
 * - MESSAGE_REFUSED: the connection was closed because of a message, which may be this one;
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

interface GraphQLErrorLike {
  readonly message: string;
  readonly extensions?: { readonly code?: string };
}

/** The error that the `errors` of a GraphQL answer mean: the first of them, with its code. */
export function graphqlError(errors: readonly unknown[]): CarillonError {
  const [first] = errors;
  if (!isGraphQLError(first)) return new CarillonError("NETWORK", "The answer has no data");
  return new CarillonError(first.extensions?.code ?? "INTERNAL_SERVER_ERROR", first.message);
}

function isGraphQLError(value: unknown): value is GraphQLErrorLike {
  return (
    typeof value === "object" && value !== null && "message" in value && typeof value.message === "string"
  );
}
