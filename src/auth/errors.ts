/** The token proves nothing. The message is safe to show to whoever sent it: it quotes nothing of the token. */
export class InvalidTokenError extends Error {
  override readonly name = "InvalidTokenError";
  readonly code = "UNAUTHENTICATED";
  /** It was good once: its bearer should fetch a new one. */
  readonly expired: boolean;

  constructor(message: string, { expired = false, cause }: { expired?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.expired = expired;
  }
}

/** It cannot be told now whether a token is good, because the keys are out of reach. Worth trying again. */
export class AuthUnavailableError extends Error {
  override readonly name = "AuthUnavailableError";
  readonly code = "SERVICE_UNAVAILABLE";
}
