import type { RabbitMqConfig } from "../config/config.js";
import type { Log } from "../telemetry/log.js";
import type { Broker } from "./broker.js";
import { InProcessBroker } from "./in-process/in-process-broker.js";
import { RabbitMqBroker } from "./rabbitmq/rabbitmq-broker.js";

/** The broker of the configuration, not started. null: the service is a single process, and needs no RabbitMQ. */
export function openBroker(config: RabbitMqConfig | null, log: Log): Broker {
  return config === null ? new InProcessBroker(log) : new RabbitMqBroker(config, log);
}
