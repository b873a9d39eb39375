import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import {
  BrokenCircuitError,
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhenResult,
} from "cockatiel";
import {
  type Broker,
  type Consumer,
  type Delivery,
  FailedForGoodError,
  RetryLaterError,
} from "../../broker/broker.js";
import type { Database } from "../../database/database.js";
import type { NotificationEvent } from "../../notifications/event.js";
import type { Log } from "../../telemetry/log.js";
import { readEvent } from "../event-message.js";
import { InOrder } from "../in-order.js";
import { patiently } from "../patiently.js";
import { attemptOf, deliveredAlready, recordAttempts } from "./attempts.js";
import { Batcher } from "./batcher.js";
import type { WebhookEndpoint } from "./endpoint.js";
import { disableGoneEndpoint } from "./endpoints.js";
import type { Outcome } from "./outcome.js";
import { batchBody, eventBody } from "./payload.js";
import type { WebhookSender } from "./sender.js";
import { taskQueueOf } from "./task-queue.js";

export interface CourierDependencies {
  readonly database: Database;
  readonly broker: Broker;
  readonly sender: WebhookSender;
  /** Calls to one endpoint at once, each with one event; those with batches go one by one. */
  readonly concurrency: number;
  readonly log: Log;
}

/** An event on its way to an endpoint. */
interface Parcel {
  readonly event: NotificationEvent;
  /** How often it was posted in vain. */
  readonly failures: number;
}

/** A batch is full with the event that reaches so many bytes. */
const maxBatchBytes = 2 ** 20;
/** With the broker's delays between them: more than a day. */
const maxAttempts = 30;
/** So many failures in a row, and the endpoint is left alone: at first for so long, at last for so long (ms). */
const breaker = { failures: 5, firstPause: 1000, longestPause: 60_000 };
/** Milliseconds between two looks at whether the endpoint may be tried again. */
const look = 500;
/** Milliseconds that an event is held for an endpoint that is left alone; less than RabbitMQ waits for an answer. */
const longestHold = 5 * 60_000;
/** Milliseconds that a courier that stops waits for the calls that are under way. */
const grace = 5000;

/**
 * Takes the tasks of one endpoint to it. While its circuit is open the tasks stay in their queue, but for the few that are
 * held here. What failed comes again through the broker's retry queues, so after others of its user that came later:
 * receivers put events in order by their `sequence`, and tell repeats by their id.
 */
export class Courier {
  readonly #endpoint: WebhookEndpoint;
  readonly #deps: CourierDependencies;
  readonly #consumer: Consumer;
  readonly #stopping = new AbortController();
  /** Ends the calls that are under way; whether their endpoint has had the event is unknown. */
  readonly #givingUp = new AbortController();
  readonly #inOrder = new InOrder();
  readonly #batcher: Batcher<Parcel> | null;
  readonly #circuit = circuitBreaker(
    handleWhenResult((outcome) => isOutcome(outcome) && outcome.kind === "retry"),
    {
      breaker: new ConsecutiveBreaker(breaker.failures),
      halfOpenAfter: new ExponentialBackoff({
        initialDelay: breaker.firstPause,
        maxDelay: breaker.longestPause,
      }),
    },
  );

  constructor(endpoint: WebhookEndpoint, deps: CourierDependencies) {
    const log = deps.log.child({ endpoint: endpoint.id });
    this.#endpoint = endpoint;
    this.#deps = { ...deps, log };
    const { batch } = endpoint;
    this.#batcher =
      batch === null
        ? null
        : new Batcher(
            { maxItems: batch.maxEvents, maxBytes: maxBatchBytes, maxAge: batch.maxAge },
            (parcels) => this.#post(parcels),
          );
    // Everything that is held waits for it.
    const prefetch = batch === null ? deps.concurrency : 2 * batch.maxEvents;
    setMaxListeners(prefetch + 1, this.#stopping.signal, this.#givingUp.signal);
    this.#circuit.onBreak(() => log.warn("a webhook endpoint fails; it is left alone for a while"));
    this.#circuit.onReset(() => log.info("a webhook endpoint works again"));
    this.#consumer = deps.broker.consume(taskQueueOf(endpoint.id), (delivery) => this.#deliver(delivery), {
      prefetch,
      maxAttempts,
    });
  }

  /** Takes no more, waits a while for calls that are under way, and gives back what is held. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#batcher?.flush();
    const timer = setTimeout(() => this.#givingUp.abort(givenBack()), grace);
    await this.#consumer.stop();
    clearTimeout(timer);
  }

  async #deliver({ body, failures }: Delivery): Promise<void> {
    const parcel: Parcel = { event: readEvent(body), failures };
    if (this.#batcher !== null) await this.#batcher.add(parcel, body.byteLength);
    else await this.#inOrder.run(parcel.event.userId, () => this.#post([parcel]));
  }

  /** @throws RetryLaterError, FailedForGoodError, or an error that counts as an attempt */
  async #post(parcels: readonly Parcel[]): Promise<void> {
    const { database } = this.#deps;
    const { signal } = this.#stopping;
    if (signal.aborted) throw givenBack();
    const ids = parcels.map(({ event }) => event.id);
    const had = await patiently(signal, () => deliveredAlready(database, this.#endpoint.id, ids));
    const due = parcels.filter(({ event }) => !had.has(event.id));
    if (due.length === 0) return;
    const outcome = await this.#throughCircuit(() => this.#call(due));
    switch (outcome.kind) {
      case "delivered":
        return;
      case "gone":
        await patiently(signal, () => disableGoneEndpoint(database, this.#endpoint));
        this.#deps.log.warn("a webhook endpoint is gone (410); it is disabled");
        return;
      case "rejected":
        throw new FailedForGoodError(wordsOf(outcome));
      case "retry":
        if (outcome.retryAfter === null) throw new Error(wordsOf(outcome));
        throw new RetryLaterError(wordsOf(outcome), { delay: outcome.retryAfter, counts: true });
    }
  }

  async #call(parcels: readonly Parcel[]): Promise<Outcome> {
    const attemptedAt = new Date();
    const events = parcels.map(({ event }) => event);
    const [first] = events;
    if (first === undefined) throw new RangeError("a call without events");
    const call = {
      endpoint: this.#endpoint,
      // A batch that is sent again may hold other events: only what is in it is the same each time.
      messageId: events.length === 1 ? first.id : `batch_${first.id}_${events.length}`,
      body: this.#batcher === null ? eventBody(first) : batchBody(events),
    };
    const outcome = await this.#deps.sender.send(call, this.#givingUp.signal);
    const attempts = parcels.map(({ event, failures }) =>
      attemptOf(outcome, {
        endpointId: this.#endpoint.id,
        eventId: event.id,
        attempt: failures + 1,
        attemptedAt,
      }),
    );
    try {
      await recordAttempts(this.#deps.database, attempts);
    } catch (error) {
      // It was made all the same; if it succeeded, it may be repeated.
      this.#deps.log.warn({ err: error }, "an attempt of a webhook was not written down");
    }
    return outcome;
  }

  /** Waits while the endpoint is left alone. */
  async #throughCircuit(call: () => Promise<Outcome>): Promise<Outcome> {
    const { signal } = this.#stopping;
    const until = performance.now() + longestHold;
    for (;;) {
      try {
        return await this.#circuit.execute(call);
      } catch (error) {
        if (!(error instanceof BrokenCircuitError)) throw error;
        if (signal.aborted) throw givenBack();
        if (performance.now() > until) {
          const delay = breaker.longestPause;
          throw new RetryLaterError("the endpoint is left alone", { delay, counts: false });
        }
        await sleep(look, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}

/** For another courier, as if this one had not had it. */
function givenBack(): RetryLaterError {
  return new RetryLaterError("the courier stops", { delay: 0, counts: false });
}

function wordsOf({ status, error }: Outcome): string {
  return error ?? `the endpoint answered ${status}`;
}

function isOutcome(value: unknown): value is Outcome {
  return typeof value === "object" && value !== null && "kind" in value;
}
