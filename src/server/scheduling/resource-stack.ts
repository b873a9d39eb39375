/**
 * Disposes of resources in the reverse order of their opening. Disposing of it twice disposes of each resource once.
 * Node.js 20 has no AsyncDisposableStack.
 */
export class ResourceStack implements AsyncDisposable {
  readonly #disposers: (() => Promise<void>)[] = [];

  /** Adds a resource, and returns it. */
  use<T extends AsyncDisposable>(resource: T): T {
    this.defer(async () => resource[Symbol.asyncDispose]());
    return resource;
  }

  /** Adds a function to be called in place of a disposal. */
  defer(dispose: () => Promise<void>): void {
    this.#disposers.push(dispose);
  }

  /**
   * Disposes of every resource, whether or not another one failed.
   * @throws AggregateError with all failures
   */
  async [Symbol.asyncDispose](): Promise<void> {
    const errors: unknown[] = [];
    for (let dispose = this.#disposers.pop(); dispose !== undefined; dispose = this.#disposers.pop()) {
      try {
        await dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, "Not every resource could be closed");
  }
}
