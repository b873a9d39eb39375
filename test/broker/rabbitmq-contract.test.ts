import { onTestFinished } from "vitest";
import { RabbitMqBroker } from "../../src/server/broker/rabbitmq/rabbitmq-broker.js";
import type { RabbitMqConfig } from "../../src/server/config/config.js";
import { createLog } from "../../src/server/telemetry/log.js";
import { createVhost } from "../services/vhost.js";
import { describeBroker } from "./contract.js";
import { describeFailures, shortDelays } from "./failure-contract.js";
import { rabbitMqConfig } from "./rabbitmq-testbed.js";

async function open(queueType: RabbitMqConfig["queueType"]): Promise<RabbitMqBroker> {
  const vhost = await createVhost();
  onTestFinished(() => vhost[Symbol.asyncDispose]());
  const config = rabbitMqConfig(vhost.url, { queueType });
  return new RabbitMqBroker(config, createLog("silent"), { retryDelays: shortDelays });
}

describeBroker("The RabbitMQ broker", () => open("classic"));
describeFailures("The RabbitMQ broker with classic queues", () => open("classic"));
describeFailures("The RabbitMQ broker with quorum queues", () => open("quorum"));
