import { setMaxListeners } from "node:events";
import { type Consumer, workQueues } from "../broker/broker.js";
import type { DeadLetterOffice } from "./dead-letters/office.js";
import { fanOut } from "./fan-out.js";
import type { CourierDependencies } from "./webhooks/courier.js";
import { Dispatcher } from "./webhooks/dispatcher.js";

/** Messages of one work queue that are handled at once. */
const prefetch = 50;
/** An event that cannot be handled is a dead letter after so many attempts; waiting for the database is none. */
const maxAttempts = 8;

export interface WorkerDependencies extends CourierDependencies {
  readonly office: DeadLetterOffice;
}

/**
 * The work that events lead to outside of browsers:
 *
 *   work queues ── fan-out ──▶ a task queue for each webhook ── courier ──▶ its endpoint
 *        └──────────────────────────────┴── what fails for good ──▶ the office of dead letters
 */
export class Worker {
  readonly #deps: WorkerDependencies;
  readonly #dispatcher: Dispatcher;
  readonly #stopping = new AbortController();
  #consumers: readonly Consumer[] = [];

  constructor(deps: WorkerDependencies) {
    this.#deps = deps;
    this.#dispatcher = new Dispatcher(deps);
    // Everything that waits for the database waits for it, too.
    setMaxListeners(workQueues.length * prefetch * 2, this.#stopping.signal);
  }

  start(): void {
    const { database, broker, office } = this.#deps;
    const handle = fanOut(database, broker, this.#stopping.signal);
    this.#consumers = workQueues.map((queue) => broker.consume(queue, handle, { prefetch, maxAttempts }));
    this.#dispatcher.start();
    office.start();
  }

  /** Takes no more, and waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([
      ...this.#consumers.map((consumer) => consumer.stop()),
      this.#dispatcher.stop(),
      this.#deps.office.stop(),
    ]);
  }
}
