import type { Log } from "../../telemetry/log.js";
import { BrokerTopologyError, BrokerUnavailableError } from "../errors.js";
import type { TaskQueueName } from "../work-queues.js";
import { describeError } from "../describe-error.js";
import { settlesWithin } from "../../scheduling/timeout.js";
import type { ConnectionUser } from "./connection-user.js";
import type { OpenConnection } from "./connection.js";
import { declareTaskQueue, type Topology } from "./topology.js";

/** How long the broker may take to declare a queue, ms. */
const declareTimeout = 10_000;

export function isTaskQueue(name: string): name is TaskQueueName {
  return name.startsWith("notification.task.");
}

/**
 * Declares task queues when they are first used on a connection, and caches that. It uses the consuming connection, which
 * the broker does not block during an alarm.
 */
export class TaskQueues implements ConnectionUser {
  readonly #topology: Topology;
  readonly #log: Log;
  readonly #declared = new Map<string, Promise<void>>();
  #connection: OpenConnection | null = null;

  constructor(topology: Topology, log: Log) {
    this.#topology = topology;
    this.#log = log;
  }

  async attach(connection: OpenConnection): Promise<void> {
    this.#connection = connection;
    this.#declared.clear();
  }

  /** The queue may have been deleted: the next `declare` asks the broker. */
  invalidate(queue: string): void {
    this.#declared.delete(queue);
  }

  /** @throws BrokerUnavailableError when there is no open connection */
  declare(queue: TaskQueueName): Promise<void> {
    const known = this.#declared.get(queue);
    if (known !== undefined) return known;
    const declared = this.#declare(queue);
    this.#declared.set(queue, declared);
    declared.catch(() => {
      if (this.#declared.get(queue) === declared) this.#declared.delete(queue);
    });
    return declared;
  }

  async #declare(queue: TaskQueueName): Promise<void> {
    const connection = this.#connection;
    if (connection === null || connection.closing.aborted)
      throw new BrokerUnavailableError("not connected to RabbitMQ");
    const declaring = declareTaskQueue(connection.model, this.#topology, queue);
    if (!(await settlesWithin(declareTimeout, declaring))) {
      throw new BrokerUnavailableError(`cannot declare ${queue}: RabbitMQ does not answer`);
    }
    try {
      await declaring;
    } catch (error) {
      // The queue works with other arguments too, and a single queue must not prevent the start.
      if (error instanceof BrokerTopologyError)
        this.#log.error({ queue, reason: error.message }, "task queue has other arguments");
      else
        throw new BrokerUnavailableError(`cannot declare ${queue}: ${describeError(error)}`, {
          cause: error,
        });
    }
  }
}
