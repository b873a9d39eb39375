/** Counts how often something happened, and lets a test wait for it instead of sleeping. */
export class Signal {
  #count = 0;
  #waiting: { readonly times: number; readonly resolve: () => void }[] = [];

  get count(): number {
    return this.#count;
  }

  raise(): void {
    this.#count += 1;
    for (const { times, resolve } of this.#waiting) if (this.#count >= times) resolve();
    this.#waiting = this.#waiting.filter(({ times }) => this.#count < times);
  }

  /** Resolves once it has been raised that often in all. */
  raised(times: number): Promise<void> {
    if (this.#count >= times) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push({ times, resolve });
    });
  }
}
