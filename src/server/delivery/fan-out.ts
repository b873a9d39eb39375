import type { Delivery, WorkQueues } from "../broker/work-queues.js";
import type { Database } from "../database/database.js";
import { readEvent } from "./event-message.js";
import { KeyedQueue } from "../scheduling/keyed-queue.js";
import { retryWhileUnavailable } from "./retry-while-unavailable.js";
import { findEndpointsFor } from "./webhooks/endpoint-store.js";
import { taskQueueOf } from "./webhooks/task-queue.js";

/**
 * The handler of the work queues: for each endpoint that receives the event it puts a task into the endpoint's own queue, so
 * that a slow or failing endpoint delays only itself. Events of one user keep their order. When the process dies after some
 * of the tasks, the event is delivered again, and the endpoint consumers recognize the repeats by its id.
 * @param signal aborted when the worker stops
 */
export function fanOut(
  database: Database,
  broker: WorkQueues,
  signal: AbortSignal,
): (delivery: Delivery) => Promise<void> {
  const byUser = new KeyedQueue(1);
  return async (delivery) => {
    const event = readEvent(delivery.body);
    await byUser.run(event.userId, async () => {
      const endpoints = await retryWhileUnavailable(signal, () => findEndpointsFor(database, event));
      const { id, type, priority, body } = delivery;
      for (const endpoint of endpoints) {
        await retryWhileUnavailable(signal, () =>
          broker.enqueue(taskQueueOf(endpoint.id), { id, type, priority, body }),
        );
      }
    });
  };
}
