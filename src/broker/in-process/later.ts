/** What waits in memory for its time to come: bounded, and forgotten once it is closed. */
export class Later {
  readonly #bound: number;
  readonly #timers = new Set<NodeJS.Timeout>();
  #closed = false;

  constructor(bound: number) {
    this.#bound = bound;
  }

  /** Calls `run` after `delay` ms; false: as many wait as may, and it never will. */
  after(delay: number, run: () => void): boolean {
    if (this.#timers.size >= this.#bound) return false;
    if (this.#closed) return true;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, delay);
    this.#timers.add(timer);
    return true;
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
