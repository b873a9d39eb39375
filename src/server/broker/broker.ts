import type { EventPublisher } from "./event-publisher.js";
import type { LiveBus } from "./live-bus.js";
import type { WorkQueues } from "./work-queues.js";

/*
 * broker/: carries committed events between processes, through three small interfaces:
 *
 *   EventPublisher   relay ──▶ broker                        event-publisher.ts
 *   LiveBus          broker ──▶ hub of every process         live-bus.ts
 *   WorkQueues       broker ──▶ one worker, with retries     work-queues.ts
 *
 * rabbitmq/ and in-process/ implement them, and one contract suite (test/broker) checks on both the guarantees that each
 * interface's comment states. The broker makes events fast and is never the source of truth: what it loses, repeats or
 * reorders, the live feed corrects from the event log.
 *
 * It assumes that message bodies are opaque, and that consumers recognize repeats by a message's id.
 */

/**
 *   connecting ⇄ connected ⇄ blocked      blocked: the broker holds publishers back (a memory or disk alarm)
 *       │                                 failed: too many attempts in a row failed; attempts continue
 *       ▼
 *     failed ──▶ connected                closed: by us, from any state
 *
 *   connected ⇄ unresponsive: the connection is open, and the broker does not answer in time
 */
export type ConnectionState = "connecting" | "connected" | "unresponsive" | "blocked" | "failed" | "closed";

/** The answer of GET /health/rabbitmq, except for `lastError`. */
export interface BrokerHealth {
  readonly kind: "rabbitmq" | "in-process";
  /** Publishing and live delivery both work, and no answer was overdue in the last seconds. */
  readonly healthy: boolean;
  /** RABBITMQ_MAX_RECONNECT_ATTEMPTS failed in a row: a restart may help. Attempts continue all the same. */
  readonly exhausted: boolean;
  readonly publishing: ConnectionState;
  readonly consuming: ConnectionState;
  /** Messages sent and not yet confirmed. */
  readonly unconfirmed: number;
  /** The last failure in one line, without credentials but with addresses; null: none since the last connect. */
  readonly lastError: string | null;
}

/**
 * All of a broker, as the composition root opens it. Every other part receives only the interface that it uses.
 *
 * Disposing of it stops all consumers, waits for outstanding confirms, and disconnects. That takes a bounded time in every
 * state of the broker, never rejects, and may be done repeatedly.
 */
export interface Broker extends EventPublisher, LiveBus, WorkQueues, AsyncDisposable {
  /**
   * Starts to connect. Resolves after the first attempt, successful or not, and after a bounded time in any case; further
   * attempts follow in the background.
   * @throws BrokerTopologyError when an exchange or queue exists with other arguments; the broker is closed then.
   * @throws BrokerRefusedError when the broker answers and refuses; the broker is closed then.
   */
  start(): Promise<void>;
  health(): BrokerHealth;
}
