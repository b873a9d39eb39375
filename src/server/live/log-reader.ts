import type { Database } from "../database/database.js";
import { type LogSlice, type ReadPosition, readAfter } from "../notifications/event-log.js";
import { Batcher } from "../scheduling/batcher.js";

/** At most this many positions in one query, and this many queries at once. */
const batchLimits = { maxItems: 100, maxAge: 0, concurrency: 2 };
/** At most this many events for each position. */
const maxEvents = 100;

/**
 * Reads the event log for all feeds of this process, in batches and with few concurrent queries: 10,000 clients that
 * reconnect at the same time take 100 queries, and leave connections free for commands.
 */
export class LogReader {
  readonly #reads: Batcher<ReadPosition, LogSlice>;

  constructor(database: Database) {
    this.#reads = new Batcher(batchLimits, (positions) => readAfter(database, positions, maxEvents));
  }

  /**
   * Reads the events after a position.
   * @throws DatabaseUnavailableError
   */
  read(position: ReadPosition): Promise<LogSlice> {
    return this.#reads.add(position);
  }
}
