import { BrokerUnavailableError } from "../broker.js";

/**
 * The answer that the publisher of one message waits for. The first of `accept`, `refuse` and the timeout decides; what
 * comes after that is too late, and does no harm.
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
    this.#timer = setTimeout(() => this.refuse(`not confirmed within ${timeout} ms`), timeout);
  }

  accept(): void {
    clearTimeout(this.#timer);
    this.#resolve();
  }

  refuse(reason: string): void {
    clearTimeout(this.#timer);
    this.#reject(new BrokerUnavailableError(reason));
  }
}
