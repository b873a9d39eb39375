import { setMaxListeners } from "node:events";
import type { Consumer, Delivery, WorkQueues } from "../../broker/work-queues.js";
import type { Database } from "../../database/database.js";
import type { NotificationEvent } from "../../notifications/event.js";
import type { Log } from "../../telemetry/log.js";
import { readEvent } from "../event-message.js";
import { KeyedQueue } from "../../scheduling/keyed-queue.js";
import { settlesWithin } from "../../scheduling/timeout.js";
import { retryWhileUnavailable } from "../retry-while-unavailable.js";
import { attemptOf, findDeliveredEvents, recordAttempts } from "./attempt-store.js";
import { Batcher, withoutResults } from "../../scheduling/batcher.js";
import { EndpointCircuit } from "./endpoint-circuit.js";
import type { WebhookEndpoint } from "./endpoint.js";
import { disableGoneEndpoint } from "./endpoint-store.js";
import type { Outcome } from "./outcome.js";
import { batchBody, eventBody } from "./payload.js";
import { consumerStopping, failedDelivery, maxAttempts } from "./retry-policy.js";
import type { WebhookSender } from "./sender.js";
import { taskQueueOf } from "./task-queue.js";

export interface EndpointConsumerOptions {
  readonly database: Database;
  readonly broker: WorkQueues;
  readonly sender: WebhookSender;
  /** Concurrent calls to one endpoint with one event each. Batches are sent one after the other. */
  readonly concurrency: number;
  readonly log: Log;
}

/** An event to post to the endpoint. */
interface QueuedEvent {
  readonly event: NotificationEvent;
  /** Failed attempts so far. */
  readonly failures: number;
}

/** A batch is full with the event that reaches this size. */
const maxBatchBytes = 2 ** 20;
/** How long `stop` waits for calls in progress, ms. */
const stopTimeout = 5000;

/**
 * Consumes the task queue of one endpoint and posts its events. While the circuit is open, events stay in the queue, except
 * for the few that this consumer has prefetched. Failed events come back through the broker's retry queues, and therefore
 * after later events of their user: receivers order events by `sequence`, and recognize repeats by the event id.
 */
export class EndpointConsumer {
  readonly #endpoint: WebhookEndpoint;
  readonly #deps: EndpointConsumerOptions;
  readonly #consumer: Consumer;
  readonly #stopping = new AbortController();
  /** Cancels calls in progress; whether the endpoint received their events is unknown. */
  readonly #cancelling = new AbortController();
  readonly #byUser = new KeyedQueue(1);
  readonly #batcher: Batcher<QueuedEvent> | null;
  readonly #circuit: EndpointCircuit;

  constructor(endpoint: WebhookEndpoint, deps: EndpointConsumerOptions) {
    const log = deps.log.child({ endpoint: endpoint.id });
    this.#endpoint = endpoint;
    this.#deps = { ...deps, log };
    const { batch } = endpoint;
    this.#batcher =
      batch === null
        ? null
        : new Batcher(
            { maxItems: batch.maxEvents, maxBytes: maxBatchBytes, maxAge: batch.maxAge },
            withoutResults((events) => this.#post(events)),
          );
    // Each prefetched event listens to it.
    const prefetch = batch === null ? deps.concurrency : 2 * batch.maxEvents;
    setMaxListeners(prefetch + 1, this.#stopping.signal, this.#cancelling.signal);
    this.#circuit = new EndpointCircuit(log);
    this.#consumer = deps.broker.consume(taskQueueOf(endpoint.id), (delivery) => this.#deliver(delivery), {
      prefetch,
      maxAttempts,
    });
  }

  /** Stops consuming, waits for calls in progress up to a limit, and requeues the other prefetched events. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#batcher?.handleNow();
    const stopped = this.#consumer.stop();
    if (!(await settlesWithin(stopTimeout, stopped))) this.#cancelling.abort(consumerStopping());
    await stopped;
  }

  async #deliver({ body, failures }: Delivery): Promise<void> {
    const queued: QueuedEvent = { event: readEvent(body), failures };
    if (this.#batcher !== null) await this.#batcher.add(queued, body.byteLength);
    else await this.#byUser.run(queued.event.userId, () => this.#post([queued]));
  }

  /** @throws RetryAfterError, PermanentError, or an error that counts as an attempt */
  async #post(queued: readonly QueuedEvent[]): Promise<void> {
    const { database } = this.#deps;
    const { signal } = this.#stopping;
    if (signal.aborted) throw consumerStopping();
    const ids = queued.map(({ event }) => event.id);
    const delivered = await retryWhileUnavailable(signal, () =>
      findDeliveredEvents(database, this.#endpoint.id, ids),
    );
    const due = queued.filter(({ event }) => !delivered.has(event.id));
    if (due.length === 0) return;
    const outcome = await this.#circuit.run(() => this.#call(due), signal);
    switch (outcome.kind) {
      case "delivered":
        return;
      case "gone":
        await retryWhileUnavailable(signal, () => disableGoneEndpoint(database, this.#endpoint));
        this.#deps.log.warn("webhook endpoint disabled: 410 Gone");
        return;
      case "rejected":
      case "retry":
        throw failedDelivery(outcome);
    }
  }

  async #call(queued: readonly QueuedEvent[]): Promise<Outcome> {
    const attemptedAt = new Date();
    const events = queued.map(({ event }) => event);
    const [first] = events;
    if (first === undefined) throw new RangeError("a call without events");
    const call = {
      endpoint: this.#endpoint,
      // A batch that is sent again may contain other events; the id is the same only for the same events.
      messageId: events.length === 1 ? first.id : `batch_${first.id}_${events.length}`,
      body: this.#batcher === null ? eventBody(first) : batchBody(events),
    };
    const outcome = await this.#deps.sender.send(call, this.#cancelling.signal);
    const attempts = queued.map(({ event, failures }) =>
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
      // The call was made: if it succeeded, its events may be delivered again.
      this.#deps.log.warn({ err: error }, "webhook attempt not recorded");
    }
    return outcome;
  }
}
