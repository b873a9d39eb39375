import type { Broker, Delivery } from "../broker/broker.js";
import type { Database } from "../database/database.js";
import { readEvent } from "./event-message.js";
import { InOrder } from "./in-order.js";
import { patiently } from "./patiently.js";
import { endpointsFor } from "./webhooks/endpoints.js";
import { taskQueueOf } from "./webhooks/task-queue.js";

/**
 * Handles the events of the work queues: each endpoint that wants one gets a task in a queue of its own, so that what is
 * slow or broken holds up nothing but itself. Events of one user keep their order. When it dies on the way, some endpoints
 * have their task, and the event comes again: the couriers tell repeats by its id.
 * @param signal the worker stops
 */
export function fanOut(
  database: Database,
  broker: Broker,
  signal: AbortSignal,
): (delivery: Delivery) => Promise<void> {
  const inOrder = new InOrder();
  return async (delivery) => {
    const event = readEvent(delivery.body);
    await inOrder.run(event.userId, async () => {
      const endpoints = await patiently(signal, () => endpointsFor(database, event));
      const { id, type, priority, body } = delivery;
      for (const endpoint of endpoints) {
        await patiently(signal, () => broker.enqueue(taskQueueOf(endpoint.id), { id, type, priority, body }));
      }
    });
  };
}
