/** Runs what bears the same key one after the other, in the order in which it came, and what bears others beside it. */
export class InOrder {
  readonly #last = new Map<string, Promise<void>>();

  /** Settles as `work` does. What became of those before makes no difference. */
  run(key: string, work: () => Promise<void>): Promise<void> {
    const turn = (this.#last.get(key) ?? Promise.resolve()).then(work, work);
    const done = (): void => {
      if (this.#last.get(key) === turn) this.#last.delete(key);
    };
    this.#last.set(key, turn);
    turn.then(done, done);
    return turn;
  }
}
