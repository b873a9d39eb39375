/** Waits that can be cut short. */
export class Nap {
  readonly #sleepers = new Set<() => void>();

  async sleep(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const rise = (): void => {
        clearTimeout(timer);
        this.#sleepers.delete(rise);
        resolve();
      };
      const timer = setTimeout(rise, milliseconds);
      this.#sleepers.add(rise);
    });
  }

  /** Ends all waits that are under way. */
  wake(): void {
    for (const rise of this.#sleepers) rise();
  }
}
