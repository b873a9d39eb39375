import { BrokerUnavailableError } from "../../broker/errors.js";
import type { Consumer, DeadLetter, WorkQueues } from "../../broker/work-queues.js";
import { type Database, DatabaseUnavailableError } from "../../database/database.js";
import { Batcher, withoutResults } from "../../scheduling/batcher.js";
import { type PeriodicTask, startPeriodicTask } from "../../scheduling/periodic-task.js";
import type { Log } from "../../telemetry/log.js";
import {
  deleteSelectedDeadLetters,
  storeDeadLetters,
  readNewestPosition,
  readSelectedDeadLetters,
  deleteDeadLetterVersions,
  purgeDeadLetters,
  type StoredDeadLetter,
} from "./store.js";
import { type DeadLetterPage, type DeadLetterRequest, listDeadLetters } from "./list.js";
import type { DeadLetterPosition, Selection } from "./selection.js";

/** Unacknowledged dead letters: some are being stored, the others wait for the next batch. */
const prefetch = 100;

/** Dead letters that one statement stores. A batch is full with the one that reaches `maxBytes`. */
const storeBatch = { maxItems: 50, maxBytes: 4 * 1024 * 1024, maxAge: 0 };

/** A purge that deleted rows is repeated after this pause, ms. */
const purgePause = 20;
const longestPurgeInterval = 60_000;

/**
 * Dead letters: messages that could not be handled. They move from the broker into the database, where operators can list
 * and search them, until an operator retries or discards them, or they are purged.
 *
 *   notification.dead ──store──▶ dead_letters ──retry──▶ the queue in which the message failed
 *                                     └──discard, purge──▶ deleted
 *
 * Each arrow writes to its target, waits for the confirmation, and only then deletes from its source: a process that
 * dies in between leaves a repeat, never a loss.
 *
 * Every process can list, retry and discard; a worker, which calls `start`, also stores and purges.
 */
export class DeadLetterService {
  readonly #database: Database;
  readonly #broker: WorkQueues;
  readonly #retention: number;
  readonly #log: Log;
  readonly #storing: Batcher<DeadLetter>;
  #consumer: Consumer | null = null;
  #sweeper: PeriodicTask | null = null;

  /** @param retention how long a dead letter is kept after its last failure, ms */
  constructor(database: Database, broker: WorkQueues, retention: number, log: Log) {
    this.#database = database;
    this.#broker = broker;
    this.#retention = retention;
    this.#log = log;
    const store = withoutResults((deadLetters: readonly DeadLetter[]) =>
      storeDeadLetters(database, deadLetters),
    );
    this.#storing = new Batcher(storeBatch, store);
  }

  /** Starts to store dead letters, and to purge old ones. */
  start(): void {
    this.#consumer = this.#broker.consumeDeadLetters((deadLetter) => this.#store(deadLetter), { prefetch });
    this.#sweeper = startPeriodicTask("dead-letter sweeper", this.#log, async () => {
      const purged = await purgeDeadLetters(this.#database, this.#retention);
      return purged > 0 ? purgePause : Math.min(longestPurgeInterval, this.#retention / 4);
    });
  }

  /** Stops what `start` started, and waits for work in progress. */
  async stop(): Promise<void> {
    await Promise.all([this.#consumer?.stop(), this.#sweeper?.stop()]);
  }

  /** @throws InvalidInputError that names what is wrong with the request */
  async list(request: DeadLetterRequest): Promise<DeadLetterPage> {
    return await listDeadLetters(this.#database, request);
  }

  /**
   * Puts dead letters back into their queues, the oldest first, except those that fail after the start.
   * @returns how many
   * @throws PartiallyDoneError when the broker or the database becomes unavailable
   */
  async retry(selection: Selection): Promise<number> {
    const count = await this.#sum((upTo) => this.#republish(selection, upTo));
    this.#log.info({ count }, "dead letters retried");
    return count;
  }

  /**
   * Deletes dead letters, except those that fail after the start.
   * @returns how many
   * @throws PartiallyDoneError when the database becomes unavailable
   */
  async discard(selection: Selection): Promise<number> {
    const count = await this.#sum((upTo) => this.#delete(selection, upTo));
    this.#log.info({ count }, "dead letters discarded");
    return count;
  }

  async #store(deadLetter: DeadLetter): Promise<void> {
    await this.#storing.add(deadLetter, deadLetter.body.length);
    const { queue, messageId, type, reason, error } = deadLetter;
    this.#log.warn({ queue, event: messageId, type, reason, problem: error }, "dead letter stored");
  }

  /** The sum of the counts that `work` yields for the dead letters up to the newest one at the start. */
  async #sum(work: (upTo: DeadLetterPosition) => AsyncIterable<number>): Promise<number> {
    let done = 0;
    try {
      const upTo = await readNewestPosition(this.#database);
      if (upTo !== null) for await (const count of work(upTo)) done += count;
    } catch (error) {
      throw isOutage(error) ? new PartiallyDoneError(done, { cause: error }) : error;
    }
    return done;
  }

  async *#republish(selection: Selection, upTo: DeadLetterPosition): AsyncGenerator<number> {
    let deadLetters = await readSelectedDeadLetters(this.#database, selection, null, upTo);
    for (let last = deadLetters.at(-1); last !== undefined; last = deadLetters.at(-1)) {
      const results = await Promise.allSettled(
        deadLetters.map((deadLetter) => this.#broker.enqueue(deadLetter.queue, toTask(deadLetter))),
      );
      const confirmed = deadLetters.filter((_, index) => results[index]?.status === "fulfilled");
      await deleteDeadLetterVersions(this.#database, confirmed);
      yield confirmed.length;
      const rejected = results.find((result) => result.status === "rejected");
      if (rejected !== undefined) throw rejected.reason;
      deadLetters = await readSelectedDeadLetters(this.#database, selection, last, upTo);
    }
  }

  async *#delete(selection: Selection, upTo: DeadLetterPosition): AsyncGenerator<number> {
    for (;;) {
      const count = await deleteSelectedDeadLetters(this.#database, selection, upTo);
      if (count === 0) return;
      yield count;
    }
  }
}

/** An outage interrupted a retry or a discard. The rest is unchanged; retry later. */
export class PartiallyDoneError extends Error {
  override readonly name = "PartiallyDoneError";

  /** @param done how many dead letters were retried or discarded */
  constructor(
    readonly done: number,
    options: ErrorOptions,
  ) {
    super(`interrupted by an outage after ${done} dead letters`, options);
  }
}

function isOutage(error: unknown): boolean {
  return error instanceof BrokerUnavailableError || error instanceof DatabaseUnavailableError;
}

function toTask({ id, messageId, type, priority, body }: StoredDeadLetter) {
  return { id: messageId ?? id, type: type ?? "", priority, body };
}
