import { setTimeout as sleep } from "node:timers/promises";
import { BrokenCircuitError, circuitBreaker, CircuitState, ConsecutiveBreaker, handleType } from "cockatiel";
import pLimit from "p-limit";
import { type Broker, BrokerUnavailableError } from "../broker/broker.js";
import type { Database } from "../database/database.js";
import { type NotificationEvent, toMessage } from "../notifications/event.js";
import { claimUnpublished, markPublished } from "../notifications/event-log.js";
import type { Log } from "../telemetry/log.js";
import { type Periodic, periodically } from "./periodically.js";

/** Milliseconds between two looks at the log while there is nothing to relay. */
const idle = 1000;
/** Milliseconds that a relay has for what it took; then another one may take it. */
const lease = 10_000;
/** Events taken at once. */
const batch = 500;
/** Events that wait for their confirmation at once; more wait here for their turn. */
const concurrency = 500;
/** Events that wait for their turn; beyond, they are left to the log, so that a burst costs no memory. */
const maxWaiting = 10_000;
/** So many failures in a row, and the broker is left alone for so long (ms): then one event tries it. */
const breaker = { failures: 5, pause: 500 };
/** Milliseconds in which confirmations gather before they are written to the log. */
const gather = 50;

/** Counted since the start of the process. */
export interface RelayCounts {
  /** Events that the broker confirmed. */
  published: number;
  /** Of those, the ones that were taken from the log. */
  relayed: number;
}

/**
 * From the log to the broker. Events are published right after their commit, by whoever committed them; what was not
 * confirmed then (a crash, a broker that is away) is taken from the log by the relay of any instance. Each event so reaches
 * the broker at least once; that it may do so twice, or out of order, is mended by whoever reads it.
 */
export class Relay {
  readonly counts: RelayCounts = { published: 0, relayed: 0 };
  readonly #database: Database;
  readonly #broker: Broker;
  readonly #log: Log;
  readonly #underWay = new Set<Promise<void>>();
  readonly #limit = pLimit(concurrency);
  readonly #circuit = circuitBreaker(handleType(BrokerUnavailableError), {
    halfOpenAfter: breaker.pause,
    breaker: new ConsecutiveBreaker(breaker.failures),
  });
  #confirmed: NotificationEvent[] = [];
  #marking: Promise<void> | null = null;
  #loop: Periodic | null = null;

  constructor(database: Database, broker: Broker, log: Log) {
    this.#database = database;
    this.#broker = broker;
    this.#log = log;
    // Once an outage: while it lasts, the circuit breaks again with each event that tries the broker.
    let isOutage = false;
    this.#circuit.onBreak(() => {
      if (!isOutage) log.warn("the broker takes no events; they wait in the log");
      isOutage = true;
    });
    this.#circuit.onReset(() => {
      isOutage = false;
      log.info("the broker takes events again");
    });
  }

  start(): void {
    this.#loop = periodically("the relay", this.#log, () => this.#relay());
  }

  /** Publishes events that were just committed. Returns at once and never throws: what fails is left to the loop. */
  publish(events: readonly NotificationEvent[]): void {
    for (const event of events) {
      if (this.#limit.pendingCount < maxWaiting) void this.#publishOne(event);
    }
  }

  /** The broker may be back: look at the log now. */
  wake(): void {
    this.#loop?.wake();
  }

  /** Ends the loop, and waits until what is under way is confirmed or failed, and written down. */
  async stop(): Promise<void> {
    await this.#loop?.stop();
    await Promise.all(this.#underWay);
    await this.#marking;
  }

  /** One batch of what nobody confirmed. @returns milliseconds until the next. */
  async #relay(): Promise<number> {
    if (this.#broker.health().publishing !== "connected" || this.#circuit.state === CircuitState.Open)
      return idle;
    const events = await claimUnpublished(this.#database, batch, lease);
    if (events.length === 0) return idle;
    const results = await Promise.all(events.map((event) => this.#publishOne(event)));
    const confirmed = results.filter(Boolean).length;
    this.counts.relayed += confirmed;
    this.#log.info({ taken: events.length, confirmed }, "events were relayed from the log");
    // Written down before the next batch is taken, so that no backlog of confirmations grows.
    await this.#marking;
    return events.length === batch && confirmed === batch ? 0 : idle;
  }

  /** @returns whether the broker confirmed it. */
  #publishOne(event: NotificationEvent): Promise<boolean> {
    const publishing = this.#limit(() => this.#tryPublish(event));
    const tracked = publishing.then(() => {
      this.#underWay.delete(tracked);
    });
    this.#underWay.add(tracked);
    return publishing;
  }

  async #tryPublish(event: NotificationEvent): Promise<boolean> {
    try {
      await this.#circuit.execute(() => this.#broker.publish(toMessage(event)));
    } catch (error) {
      const isOutage = error instanceof BrokerUnavailableError || error instanceof BrokenCircuitError;
      if (!isOutage) this.#log.error({ err: error }, "an event was not published");
      return false;
    }
    this.counts.published += 1;
    this.#confirmed.push(event);
    this.#marking ??= this.#markConfirmed();
    return true;
  }

  async #markConfirmed(): Promise<void> {
    await sleep(gather);
    while (this.#confirmed.length > 0) {
      const events = this.#confirmed.splice(0, batch);
      try {
        await markPublished(this.#database, events);
      } catch (error) {
        // They will be published once more, which does no harm.
        this.#log.warn({ err: error, events: events.length }, "confirmations were not written down");
      }
    }
    this.#marking = null;
  }
}
