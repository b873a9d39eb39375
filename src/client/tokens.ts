import { CarillonError } from "./errors.js";

/** The callback's tokens: the last one is used until it is refused. */
export class Tokens {
  readonly #ask: () => string | Promise<string>;
  #token: Promise<string> | null = null;

  constructor(ask: () => string | Promise<string>) {
    this.#ask = ask;
  }

  /** @throws CarillonError TOKEN when the callback fails. */
  async current(): Promise<string> {
    return await (this.#token ?? this.renew());
  }

  /** Asks for a new one. @throws CarillonError TOKEN when the callback fails. */
  async renew(): Promise<string> {
    const asked = askOnce(this.#ask);
    this.#token = asked;
    try {
      return await asked;
    } catch (error) {
      if (this.#token === asked) this.#token = null;
      throw error;
    }
  }
}

async function askOnce(ask: () => string | Promise<string>): Promise<string> {
  try {
    return await ask();
  } catch (error) {
    throw new CarillonError("TOKEN", "The token callback failed", { cause: error });
  }
}
