import { startApp } from "../../src/server/app.js";
import type { Broker } from "../../src/server/broker/broker.js";
import { readConfig } from "../../src/server/config/config.js";
import { createLog } from "../../src/server/telemetry/log.js";

/** Runs an instance like that of src/server/main.ts, except for its broker. */
export async function runInstance(wrapBroker: (broker: Broker) => Broker): Promise<void> {
  const config = readConfig(process.env);
  const app = await startApp(config, createLog(config.logLevel), wrapBroker);
  process.stdout.write(`Carillon is ready at ${app.url}/graphql\n`);
  process.once("SIGTERM", () => void app[Symbol.asyncDispose]().then(() => process.exit(0)));
}
