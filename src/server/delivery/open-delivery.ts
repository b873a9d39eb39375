import type { WorkQueues } from "../broker/work-queues.js";
import type { Config } from "../config/config.js";
import { readVersion } from "../config/version.js";
import type { Database } from "../database/database.js";
import type { ResourceStack } from "../scheduling/resource-stack.js";
import type { Log } from "../telemetry/log.js";
import { DeadLetterService } from "./dead-letters/service.js";
import { sweepWebhookAttempts } from "./webhooks/attempt-sweeper.js";
import { WebhookSender } from "./webhooks/sender.js";
import { WebhookService } from "./webhooks/service.js";
import { Worker } from "./worker.js";

export interface DeliveryOptions {
  readonly config: Pick<Config, "roles" | "webhooks" | "deadLetterRetention">;
  readonly database: Database;
  readonly broker: WorkQueues;
  readonly log: Log;
}

/** What the API offers of delivery. */
export interface Delivery {
  readonly deadLetters: DeadLetterService;
  readonly webhooks: WebhookService;
}

/** Opens delivery to webhooks, and starts the worker where this process has that role. */
export function openDelivery(
  { config, database, broker, log }: DeliveryOptions,
  resources: ResourceStack,
): Delivery {
  const userAgent = `Carillon/${readVersion()}`;
  const sender = resources.use(new WebhookSender({ ...config.webhooks, userAgent }));
  const webhooks = new WebhookService(database, sender);
  const attemptSweeper = sweepWebhookAttempts(database, config.webhooks.attemptRetention, log);
  resources.defer(() => attemptSweeper.stop());
  const deadLetters = new DeadLetterService(database, broker, config.deadLetterRetention, log);
  if (config.roles.has("worker")) {
    const { concurrency } = config.webhooks;
    const worker = new Worker({ database, broker, sender, deadLetters, concurrency, log });
    worker.start();
    resources.defer(() => worker.stop());
  }
  return { deadLetters, webhooks };
}
