import type { TaskQueue } from "../../broker/broker.js";

/** The queue of what is to be posted to an endpoint. */
export function taskQueueOf(endpointId: string): TaskQueue {
  return `notification.task.webhook.${endpointId}`;
}
