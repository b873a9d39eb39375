/** The token is invalid. The message is safe to send to the client: it quotes nothing from the token. */
export class InvalidTokenError extends Error {
  override readonly name = "InvalidTokenError";
  readonly code = "UNAUTHENTICATED";
  /** The token was valid before: the client should get a new one. */
  readonly expired: boolean;

  constructor(message: string, { expired = false, cause }: { expired?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.expired = expired;
  }
}

/** A token cannot be checked at the moment, because the keys are unavailable. Retrying may help. */
export class AuthUnavailableError extends Error {
  override readonly name = "AuthUnavailableError";
  readonly code = "SERVICE_UNAVAILABLE";
}
