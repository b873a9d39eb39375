/** The longest delay of setTimeout in milliseconds: with a longer one it would fire immediately. */
const longestDelay = 2 ** 31 - 1;

/** Tells when the token of a connection has expired. */
export class TokenExpiry {
  readonly #expiresAt: number;
  readonly #onExpired: () => void;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param expiresAt milliseconds since 1970
   * @param onExpired closes the connection
   */
  constructor(expiresAt: number, onExpired: () => void) {
    this.#expiresAt = expiresAt;
    this.#onExpired = onExpired;
  }

  /** Calls `onExpired` if the token has expired; otherwise makes sure that it is called in time. */
  check(): void {
    const left = this.#expiresAt - Date.now();
    if (left <= 0) {
      this.#onExpired();
      return;
    }
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.check();
      },
      Math.min(left, longestDelay),
    );
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
