import { BrokerUnavailableError } from "../errors.js";

/**
 * The broker's answer for one published message: the first of `accept`, `reject` and the timeout. Later calls have no effect.
 */
export class Confirmation {
  /** Rejects with BrokerUnavailableError. */
  readonly answer: Promise<void>;
  readonly #resolve: () => void;
  readonly #reject: (error: BrokerUnavailableError) => void;
  readonly #timer: NodeJS.Timeout;

  /** @param timeout ms */
  constructor(timeout: number) {
    let settle: { resolve: () => void; reject: (error: Error) => void } | undefined;
    this.answer = new Promise((resolve, reject) => {
      settle = { resolve, reject };
    });
    this.#resolve = () => settle?.resolve();
    this.#reject = (error) => settle?.reject(error);
    this.#timer = setTimeout(() => this.reject(`not confirmed within ${timeout} ms`), timeout);
  }

  accept(): void {
    clearTimeout(this.#timer);
    this.#resolve();
  }

  reject(reason: string): void {
    clearTimeout(this.#timer);
    this.#reject(new BrokerUnavailableError(reason));
  }
}
