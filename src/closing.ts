/** Closes what was opened, in the reverse order (Node.js 20 has no AsyncDisposableStack). Closing twice is closing once. */
export class Closing implements AsyncDisposable {
  readonly #closers: (() => Promise<void>)[] = [];

  /** Remembers a part, to be disposed of before all that came earlier. */
  use<T extends AsyncDisposable>(part: T): T {
    this.defer(async () => part[Symbol.asyncDispose]());
    return part;
  }

  defer(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  /** Goes on after a failure; what failed is thrown in the end. */
  async [Symbol.asyncDispose](): Promise<void> {
    const errors: unknown[] = [];
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) {
      try {
        await close();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, "not everything was closed in order");
  }
}
