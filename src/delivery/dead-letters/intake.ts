import type { DeadLetter } from "../../broker/broker.js";

/** Letters written at once: so many, and none after the one that reaches so many bytes. */
const batch = { letters: 50, bytes: 4 * 1024 * 1024 };

interface Waiting {
  readonly letter: DeadLetter;
  readonly kept: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Letters on their way into the table. Those that come while others are being written are written together: a flood of them
 * takes one connection of the database and few round trips, and a single one waits for nobody.
 */
export class Intake {
  readonly #write: (letters: readonly DeadLetter[]) => Promise<void>;
  readonly #waiting: Waiting[] = [];
  #writing = false;

  constructor(write: (letters: readonly DeadLetter[]) => Promise<void>) {
    this.#write = write;
  }

  /** Resolves when the letter is kept. */
  take(letter: DeadLetter): Promise<void> {
    return new Promise((kept, failed) => {
      this.#waiting.push({ letter, kept, failed });
      if (!this.#writing) void this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const together = this.#waiting.splice(0, this.#countTogether());
      try {
        await this.#write(together.map(({ letter }) => letter));
        for (const { kept } of together) kept();
      } catch (error) {
        for (const { failed } of together) failed(error);
      }
    }
    this.#writing = false;
  }

  #countTogether(): number {
    let bytes = 0;
    const last = this.#waiting.findIndex(({ letter }) => (bytes += letter.body.length) >= batch.bytes);
    return Math.min(last === -1 ? this.#waiting.length : last + 1, batch.letters);
  }
}
