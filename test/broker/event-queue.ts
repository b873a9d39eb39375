/** What happened and was not yet asked for, so that a test that looks late misses nothing and need not sleep. */
export class EventQueue<T> {
  readonly #events: T[] = [];
  readonly #waiting: ((event: T) => void)[] = [];

  /** How many events nobody has asked for. */
  get size(): number {
    return this.#events.length;
  }

  push(event: T): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#events.push(event);
    else waiting(event);
  }

  /** The oldest event that was not asked for, or the next to come. */
  next(): Promise<T> {
    const [event] = this.#events;
    if (event === undefined) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#events.shift();
    return Promise.resolve(event);
  }

  /** The next `count` events. */
  async take(count: number): Promise<T[]> {
    const events: T[] = [];
    while (events.length < count) events.push(await this.next());
    return events;
  }
}
