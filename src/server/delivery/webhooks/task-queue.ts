import type { TaskQueueName } from "../../broker/work-queues.js";

/** The queue of the events to post to an endpoint. */
export function taskQueueOf(endpointId: string): TaskQueueName {
  return `notification.task.webhook.${endpointId}`;
}
