import { type Broker, BrokerUnavailableError, type Consumer, type DeadLetter } from "../../broker/broker.js";
import { type Database, DatabaseUnavailableError } from "../../database/database.js";
import { type Periodic, periodically } from "../../live/periodically.js";
import type { Log } from "../../telemetry/log.js";
import { Intake } from "./intake.js";
import {
  discardSelected,
  keep,
  newest,
  readSelected,
  remove,
  trimLetters,
  type WholeLetter,
} from "./letters.js";
import { type DeadLetterPage, type DeadLetterRequest, readPage } from "./list.js";
import type { Place, Selection } from "./selection.js";

/** Letters on their way into the table at once: some are being written, the others gather for the next time. */
const prefetch = 100;

/**
 * The dead-letter office: what could not be handled travels from the broker into the database, where it can be looked at and
 * searched, until somebody retries it or discards it, or its time is over.
 *
 *   notification.dead ──keep──▶ dead_letters ──retry──▶ the queue in which it failed
 *                                    └──discard, retention──▶ gone
 *
 * Each arrow writes to where it leads, waits until that is safe, and only then takes away from where it came: a process that
 * dies in between leaves a repeat, never a loss.
 *
 * Every process can list, retry and discard; the workers, which call `start`, also keep and forget.
 */
export class DeadLetterOffice {
  readonly #database: Database;
  readonly #broker: Broker;
  readonly #retention: number;
  readonly #log: Log;
  readonly #intake: Intake;
  #consumer: Consumer | null = null;
  #trimming: Periodic | null = null;

  /** @param retention how long a letter is kept after its last failure, ms */
  constructor(database: Database, broker: Broker, retention: number, log: Log) {
    this.#database = database;
    this.#broker = broker;
    this.#retention = retention;
    this.#log = log;
    this.#intake = new Intake((letters) => keep(database, letters));
  }

  /** Begins to keep what dies, and to forget what is old. */
  start(): void {
    this.#consumer = this.#broker.consumeDeadLetters((letter) => this.#keep(letter), { prefetch });
    this.#trimming = periodically("the trimming of dead letters", this.#log, async () => {
      const trimmed = await trimLetters(this.#database, this.#retention);
      return trimmed > 0 ? 20 : Math.min(60_000, this.#retention / 4);
    });
  }

  /** Stops what `start` began, and waits for what is under way. */
  async stop(): Promise<void> {
    await Promise.all([this.#consumer?.stop(), this.#trimming?.stop()]);
  }

  /** See `readPage`. */
  async list(request: DeadLetterRequest): Promise<DeadLetterPage> {
    return await readPage(this.#database, request);
  }

  /**
   * Puts letters back into their queues, the oldest first; those that die after it began are left alone.
   * @returns how many
   * @throws UnfinishedError when the broker or the database gave up on the way
   */
  async retry(selection: Selection): Promise<number> {
    const retried = await this.#sum((upTo) => this.#putBack(selection, upTo));
    this.#log.info({ letters: retried }, "dead letters were put back");
    return retried;
  }

  /**
   * Deletes letters; those that die after it began are left alone.
   * @returns how many
   * @throws UnfinishedError when the database gave up on the way
   */
  async discard(selection: Selection): Promise<number> {
    const discarded = await this.#sum((upTo) => this.#delete(selection, upTo));
    this.#log.info({ letters: discarded }, "dead letters were discarded");
    return discarded;
  }

  async #keep(letter: DeadLetter): Promise<void> {
    await this.#intake.take(letter);
    const { queue, messageId, type, reason, error } = letter;
    this.#log.warn({ queue, event: messageId, type, reason, problem: error }, "a dead letter was kept");
  }

  /** The sum of what a piece of work answers step by step, up to the newest letter that there is at its beginning. */
  async #sum(work: (upTo: Place) => AsyncIterable<number>): Promise<number> {
    let done = 0;
    try {
      const upTo = await newest(this.#database);
      if (upTo !== null) for await (const count of work(upTo)) done += count;
    } catch (error) {
      throw isOutage(error) ? new UnfinishedError(done, { cause: error }) : error;
    }
    return done;
  }

  async *#putBack(selection: Selection, upTo: Place): AsyncGenerator<number> {
    let letters = await readSelected(this.#database, selection, null, upTo);
    for (let last = letters.at(-1); last !== undefined; last = letters.at(-1)) {
      const results = await Promise.allSettled(
        letters.map((letter) => this.#broker.enqueue(letter.queue, toTask(letter))),
      );
      const confirmed = letters.filter((_, index) => results[index]?.status === "fulfilled");
      await remove(this.#database, confirmed);
      yield confirmed.length;
      const refused = results.find((result) => result.status === "rejected");
      if (refused !== undefined) throw refused.reason;
      letters = await readSelected(this.#database, selection, last, upTo);
    }
  }

  async *#delete(selection: Selection, upTo: Place): AsyncGenerator<number> {
    for (;;) {
      const count = await discardSelected(this.#database, selection, upTo);
      if (count === 0) return;
      yield count;
    }
  }
}

/** Not all that was asked for was done. The rest is as it was, and can be done later. */
export class UnfinishedError extends Error {
  override readonly name = "UnfinishedError";

  /** @param done how many were */
  constructor(
    readonly done: number,
    options: ErrorOptions,
  ) {
    super(`${done} dead letters were done, then there was an outage`, options);
  }
}

function isOutage(error: unknown): boolean {
  return error instanceof BrokerUnavailableError || error instanceof DatabaseUnavailableError;
}

function toTask({ id, messageId, type, priority, body }: WholeLetter) {
  return { id: messageId ?? id, type: type ?? "", priority, body };
}
