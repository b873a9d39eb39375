import { onTestFinished } from "vitest";
import { RabbitMqBroker } from "../../src/broker/rabbitmq/rabbitmq-broker.js";
import { createLog } from "../../src/telemetry/log.js";
import { createVhost } from "../services/vhost.js";
import { describeBroker } from "./contract.js";
import { rabbitMqConfig } from "./rabbitmq-bed.js";

describeBroker("The RabbitMQ broker", async () => {
  const vhost = await createVhost();
  onTestFinished(() => vhost[Symbol.asyncDispose]());
  return new RabbitMqBroker(rabbitMqConfig(vhost.url), createLog("silent"));
});
