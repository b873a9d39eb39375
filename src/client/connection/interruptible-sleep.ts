/** Sleeps that can be ended early. */
export class InterruptibleSleep {
  readonly #wakers = new Set<() => void>();

  /** Resolves after this many milliseconds, or when `wake` is called. */
  async for(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#wakers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.#wakers.add(wake);
    });
  }

  /** Ends all sleeps in progress. */
  wake(): void {
    for (const wake of this.#wakers) wake();
  }
}
