import type { Database } from "../database/database.js";
import { type LogSlice, type ReadPosition, readAfter } from "../notifications/event-log.js";

interface Waiting {
  readonly position: ReadPosition;
  readonly resolve: (slice: LogSlice) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads the event log for all feeds of this process, in batches and with few queries at once: when 10,000 clients come back
 * in one moment, it takes 100 queries, and the commands still find a free connection. What asks while the queries run
 * gathers for the next batch.
 */
export class LogReader {
  readonly #database: Database;
  readonly #waiting: Waiting[] = [];
  #running = 0;

  /** At most this many queries at once. */
  static readonly concurrency = 2;
  /** At most this many positions a query. */
  static readonly batch = 100;
  /** At most this many events a position. */
  static readonly slice = 100;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * What the log holds after a position.
   * @throws DatabaseUnavailableError
   */
  read(position: ReadPosition): Promise<LogSlice> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ position, resolve, reject });
      // After the present turn of the event loop, so that who asks in the same turn shares the query.
      setImmediate(() => this.#pump());
    });
  }

  #pump(): void {
    while (this.#running < LogReader.concurrency && this.#waiting.length > 0) {
      this.#running += 1;
      void this.#readBatch(this.#waiting.splice(0, LogReader.batch)).finally(() => {
        this.#running -= 1;
        this.#pump();
      });
    }
  }

  async #readBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const positions = batch.map(({ position }) => position);
      const slices = await readAfter(this.#database, positions, LogReader.slice);
      for (const [index, { resolve, reject }] of batch.entries()) {
        const slice = slices[index];
        if (slice === undefined) reject(new Error("the log answered fewer positions than it was given"));
        else resolve(slice);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
