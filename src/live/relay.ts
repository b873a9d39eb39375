import { setTimeout as sleep } from "node:timers/promises";
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
/** Milliseconds in which confirmations gather before they are written to the log. */
const gather = 50;

/**
 * From the log to the broker. Events are published right after their commit, by whoever committed them; what was not
 * confirmed then (a crash, a broker that is away) is taken from the log by the relay of any instance. Each event so reaches
 * the broker at least once; that it may do so twice, or out of order, is mended by whoever reads it.
 */
export class Relay {
  readonly #database: Database;
  readonly #broker: Broker;
  readonly #log: Log;
  readonly #underWay = new Set<Promise<void>>();
  #confirmed: NotificationEvent[] = [];
  #marking: Promise<void> | null = null;
  #loop: Periodic | null = null;

  constructor(database: Database, broker: Broker, log: Log) {
    this.#database = database;
    this.#broker = broker;
    this.#log = log;
  }

  start(): void {
    this.#loop = periodically("the relay", this.#log, () => this.#relay());
  }

  /** Publishes events that were just committed. Returns at once and never throws: what fails is left to the relay. */
  publish(events: readonly NotificationEvent[]): void {
    for (const event of events) void this.#publishOne(event);
  }

  /** Ends the loop, and waits until what is under way is confirmed or failed, and written down. */
  async stop(): Promise<void> {
    await this.#loop?.stop();
    await Promise.all(this.#underWay);
    await this.#marking;
  }

  /** One batch of what nobody confirmed. @returns milliseconds until the next. */
  async #relay(): Promise<number> {
    if (this.#broker.health().publishing !== "connected") return idle;
    const events = await claimUnpublished(this.#database, batch, lease);
    if (events.length === 0) return idle;
    const results = await Promise.all(events.map((event) => this.#publishOne(event)));
    const confirmed = results.filter(Boolean).length;
    this.#log.info({ taken: events.length, confirmed }, "events were relayed from the log");
    // Written down before the next batch is taken, so that no backlog of confirmations grows.
    await this.#marking;
    return events.length === batch && confirmed === batch ? 0 : idle;
  }

  /** @returns whether the broker confirmed it. */
  #publishOne(event: NotificationEvent): Promise<boolean> {
    const publishing = this.#tryPublish(event);
    const tracked = publishing.then(() => {
      this.#underWay.delete(tracked);
    });
    this.#underWay.add(tracked);
    return publishing;
  }

  async #tryPublish(event: NotificationEvent): Promise<boolean> {
    try {
      await this.#broker.publish(toMessage(event));
    } catch (error) {
      if (!(error instanceof BrokerUnavailableError)) this.#log.error({ err: error }, "an event was not published");
      return false;
    }
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
