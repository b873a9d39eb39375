import { setMaxListeners } from "node:events";
import { type Consumer, workQueueNames } from "../broker/work-queues.js";
import type { DeadLetterService } from "./dead-letters/service.js";
import { fanOut } from "./fan-out.js";
import type { EndpointConsumerOptions } from "./webhooks/endpoint-consumer.js";
import { EndpointConsumers } from "./webhooks/endpoint-consumers.js";

/** Messages of one work queue that are handled concurrently. */
const prefetch = 50;
/** Attempts before a message becomes a dead letter. Waiting for the database does not count. */
const maxAttempts = 8;

export interface WorkerDependencies extends EndpointConsumerOptions {
  readonly deadLetters: DeadLetterService;
}

/**
 * Delivers events to external endpoints:
 *
 *   work queues ── fan-out ──▶ a task queue for each endpoint ── endpoint consumer ──▶ the endpoint
 *        └───────────────────────────────┴── failed too often, or permanently ──▶ dead letters
 */
export class Worker {
  readonly #deps: WorkerDependencies;
  readonly #endpoints: EndpointConsumers;
  readonly #stopping = new AbortController();
  #consumers: readonly Consumer[] = [];

  constructor(deps: WorkerDependencies) {
    this.#deps = deps;
    this.#endpoints = new EndpointConsumers(deps);
    // Each message that waits for the database listens to it.
    setMaxListeners(workQueueNames.length * prefetch * 2, this.#stopping.signal);
  }

  start(): void {
    const { database, broker, deadLetters } = this.#deps;
    const handle = fanOut(database, broker, this.#stopping.signal);
    this.#consumers = workQueueNames.map((queue) => broker.consume(queue, handle, { prefetch, maxAttempts }));
    this.#endpoints.start();
    deadLetters.start();
  }

  /** Stops consuming, and waits for work in progress. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([
      ...this.#consumers.map((consumer) => consumer.stop()),
      this.#endpoints.stop(),
      this.#deps.deadLetters.stop(),
    ]);
  }
}
