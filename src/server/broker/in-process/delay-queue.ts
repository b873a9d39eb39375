/** A bounded set of delayed calls. Stopping it cancels them. */
export class DelayQueue {
  readonly #bound: number;
  readonly #timers = new Set<NodeJS.Timeout>();
  #stopped = false;

  constructor(bound: number) {
    this.#bound = bound;
  }

  /** Calls `run` after `delay` ms. @returns false when the bound is reached, and `run` is not called */
  add(delay: number, run: () => void): boolean {
    if (this.#timers.size >= this.#bound) return false;
    if (this.#stopped) return true;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, delay);
    this.#timers.add(timer);
    return true;
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
