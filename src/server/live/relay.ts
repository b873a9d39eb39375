import {
  BrokenCircuitError,
  circuitBreaker,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  handleType,
} from "cockatiel";
import pLimit from "p-limit";
import type { BrokerHealth } from "../broker/broker.js";
import { BrokerUnavailableError } from "../broker/errors.js";
import type { EventPublisher } from "../broker/event-publisher.js";
import type { Database } from "../database/database.js";
import type { NotificationEvent } from "../notifications/event.js";
import { claimUnpublished, markPublished } from "../notifications/event-log.js";
import { Batcher, withoutResults } from "../scheduling/batcher.js";
import { type PeriodicTask, startPeriodicTask } from "../scheduling/periodic-task.js";
import { settlesWithin } from "../scheduling/timeout.js";
import type { Log } from "../telemetry/log.js";
import { encodeEvent } from "./event-encoding.js";

/** Events claimed from the log, or marked in it, by one statement. */
const batchSize = 500;
/** Events that wait for their confirm at once; others wait in this process for their turn. */
const concurrency = 500;
/** Events that wait for their turn; beyond, they are left to the log, so that a burst uses no memory. */
const maxWaiting = 10_000;
/** Consecutive failures that open the circuit. */
const failuresToOpen = 5;

/** Durations in milliseconds. */
export interface RelayTiming {
  /** Between two reads of the log while there is nothing to relay. */
  readonly idleInterval: number;
  /** How long claimed events belong to this relay; then another one may claim them. */
  readonly lease: number;
  /** How long an open circuit stays open, before one event probes the broker. */
  readonly openCircuit: number;
  /**
   * How long after the last failure an open circuit counts as an outage: without traffic nothing closes it, so it says
   * nothing about the broker any more.
   */
  readonly outageMemory: number;
  /** How long a confirm waits for others, to be marked in the log with them. */
  readonly markDelay: number;
  /** How long `stop` waits for confirms; another relay publishes what stays unconfirmed. */
  readonly stopTimeout: number;
}

const defaultTiming: RelayTiming = {
  idleInterval: 1000,
  lease: 10_000,
  openCircuit: 500,
  outageMemory: 5000,
  markDelay: 50,
  stopTimeout: 5000,
};

/** What the relay uses of a broker. */
export interface RelayBroker extends EventPublisher {
  health(): Pick<BrokerHealth, "publishing">;
}

/** Counted since the start of the process. */
export interface RelayCounts {
  /** Events that the broker confirmed. */
  published: number;
  /** Of those, the ones that were read from the log. */
  relayed: number;
}

/**
 * Publishes committed events to the broker, at least once.
 *
 *   committed ──publish──▶ in flight ──confirmed──▶ marked in the log
 *       │                     │ failed, or the process died
 *       │ too many wait       ▼
 *       └──────────▶ waiting in the log ──claimed by the relay of any instance──▶ in flight
 *
 * The process that committed an event publishes it right away. The loop relays what was not confirmed then. Repeats and
 * reordering are possible; the feeds and the consumers of the work queues expect both.
 */
export class Relay {
  readonly counts: RelayCounts = { published: 0, relayed: 0 };
  readonly #database: Database;
  readonly #broker: RelayBroker;
  readonly #log: Log;
  readonly #timing: RelayTiming;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #limit = pLimit(concurrency);
  readonly #circuit: CircuitBreakerPolicy;
  readonly #confirmed: Batcher<NotificationEvent>;
  /** Settles when everything confirmed so far is marked: batches are handled in order. */
  #marked: Promise<void> = Promise.resolve();
  #failedAt = -Infinity;
  #loop: PeriodicTask | null = null;

  constructor(database: Database, broker: RelayBroker, log: Log, timing: Partial<RelayTiming> = {}) {
    this.#database = database;
    this.#broker = broker;
    this.#log = log;
    this.#timing = { ...defaultTiming, ...timing };
    this.#circuit = createCircuit(this.#timing.openCircuit, log);
    this.#confirmed = new Batcher(
      { maxItems: batchSize, maxAge: this.#timing.markDelay },
      withoutResults((events) => this.#mark(events)),
    );
  }

  /** Whether the broker accepts events, judged by recent attempts. */
  get isPublishing(): boolean {
    const isClosed = this.#circuit.state === CircuitState.Closed;
    return isClosed || performance.now() - this.#failedAt > this.#timing.outageMemory;
  }

  start(): void {
    this.#loop = startPeriodicTask("relay", this.#log, () => this.#relay());
  }

  /** Publishes events that were just committed. Returns at once and never throws: the loop relays what fails. */
  publish(events: readonly NotificationEvent[]): void {
    for (const event of events) {
      if (this.#limit.pendingCount < maxWaiting) void this.#publishOne(event);
    }
  }

  /** Reads the log now: the broker may be available again. */
  wake(): void {
    this.#loop?.wake();
  }

  /** Ends the loop. Resolves when the events in flight are confirmed and marked, or have failed, or after `stopTimeout`. */
  async stop(): Promise<void> {
    const stopped = Promise.all([this.#loop?.stop(), ...this.#inFlight]);
    if (!(await settlesWithin(this.#timing.stopTimeout, stopped))) {
      this.#log.warn({ events: this.#inFlight.size }, "stopped with unconfirmed events");
    }
    await this.#marked;
  }

  /** Relays one batch of unconfirmed events. @returns milliseconds until the next. */
  async #relay(): Promise<number> {
    const { idleInterval, lease } = this.#timing;
    if (this.#broker.health().publishing !== "connected") return idleInterval;
    // While the circuit is open, one event probes the broker: perhaps nobody commits another.
    const limit = this.#circuit.state === CircuitState.Open ? 1 : batchSize;
    const events = await claimUnpublished(this.#database, limit, lease);
    if (events.length === 0) return idleInterval;
    const results = await Promise.all(events.map((event) => this.#publishOne(event)));
    const confirmed = results.filter(Boolean).length;
    this.counts.relayed += confirmed;
    this.#log.info({ claimed: events.length, confirmed }, "events relayed");
    // Marked before the next batch is claimed, so that no backlog of confirms grows.
    await this.#marked;
    return events.length === limit && confirmed === limit ? 0 : idleInterval;
  }

  /** @returns whether the broker confirmed it. */
  #publishOne(event: NotificationEvent): Promise<boolean> {
    const publishing = this.#limit(() => this.#tryPublish(event));
    const tracked = publishing.then(() => {
      this.#inFlight.delete(tracked);
    });
    this.#inFlight.add(tracked);
    return publishing;
  }

  async #tryPublish(event: NotificationEvent): Promise<boolean> {
    try {
      await this.#circuit.execute(() => this.#broker.publish(encodeEvent(event)));
    } catch (error) {
      const isOutage = error instanceof BrokerUnavailableError || error instanceof BrokenCircuitError;
      if (error instanceof BrokerUnavailableError) this.#failedAt = performance.now();
      if (!isOutage) this.#log.error({ err: error, event: event.id }, "event not published");
      return false;
    }
    this.counts.published += 1;
    this.#marked = this.#confirmed.add(event);
    return true;
  }

  /** Never rejects: an event that is not marked is published again, which is harmless. */
  async #mark(events: readonly NotificationEvent[]): Promise<void> {
    try {
      await markPublished(this.#database, events);
    } catch (error) {
      this.#log.warn({ err: error, events: events.length }, "confirms not marked");
    }
  }
}

/** A circuit that opens when the broker fails repeatedly, and logs an outage once. */
function createCircuit(halfOpenAfter: number, log: Log): CircuitBreakerPolicy {
  const circuit = circuitBreaker(handleType(BrokerUnavailableError), {
    halfOpenAfter,
    breaker: new ConsecutiveBreaker(failuresToOpen),
  });
  // During an outage the circuit opens again with every event that probes the broker.
  let isOutage = false;
  circuit.onBreak(() => {
    if (!isOutage) log.warn("circuit opened: broker unavailable");
    isOutage = true;
  });
  circuit.onReset(() => {
    isOutage = false;
    log.info("circuit closed: broker available");
  });
  return circuit;
}
