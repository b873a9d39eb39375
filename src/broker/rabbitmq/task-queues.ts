import type { Log } from "../../telemetry/log.js";
import { BrokerTopologyError, BrokerUnavailableError, type TaskQueue } from "../broker.js";
import { describeError } from "../describe-error.js";
import type { Link } from "./link.js";
import { declareTaskQueue, type Topology } from "./topology.js";

export function isTaskQueue(name: string): name is TaskQueue {
  return name.startsWith("notification.task.");
}

/**
 * Declares task queues when they are first used on a connection, and remembers them. It stands on the connection that
 * consumes, which no alarm of the broker holds back.
 */
export class TaskQueues {
  readonly #topology: Topology;
  readonly #log: Log;
  readonly #declared = new Map<string, Promise<void>>();
  #link: Link | null = null;

  constructor(topology: Topology, log: Log) {
    this.#topology = topology;
    this.#log = log;
  }

  /** Stands on this connection from now on. */
  attach(link: Link): void {
    this.#link = link;
    this.#declared.clear();
  }

  /** The queue may be gone: the next `declare` asks the broker again. */
  forget(queue: string): void {
    this.#declared.delete(queue);
  }

  /** @throws BrokerUnavailableError when the connection is lost, or not there yet. */
  declare(queue: TaskQueue): Promise<void> {
    const known = this.#declared.get(queue);
    if (known !== undefined) return known;
    const declared = this.#declare(queue);
    this.#declared.set(queue, declared);
    declared.catch(() => {
      if (this.#declared.get(queue) === declared) this.#declared.delete(queue);
    });
    return declared;
  }

  async #declare(queue: TaskQueue): Promise<void> {
    const link = this.#link;
    if (link === null || link.ended.aborted) throw new BrokerUnavailableError("not connected to RabbitMQ");
    try {
      await declareTaskQueue(link.model, this.#topology, queue);
    } catch (error) {
      // It serves all the same, and one queue of many must not keep the service from starting.
      if (error instanceof BrokerTopologyError) this.#log.error({ queue }, error.message);
      else
        throw new BrokerUnavailableError(`cannot declare ${queue}: ${describeError(error)}`, {
          cause: error,
        });
    }
  }
}
