/** An instance like that of src/server/main.ts, except that its broker is faulty. A program of its own, run by the fault suite. */
import { startApp } from "../../src/server/app.js";
import { readConfig } from "../../src/server/config/config.js";
import { createLog } from "../../src/server/telemetry/log.js";
import { createRandom } from "./random.js";
import { FaultyBroker } from "./faulty-broker.js";

const config = readConfig(process.env);
const random = createRandom(Number(process.env["FAULTY_BROKER_SEED"]));
const app = await startApp(config, createLog(config.logLevel), (broker) => new FaultyBroker(broker, random));
process.stdout.write(`Carillon is ready at ${app.url}/graphql\n`);
process.once("SIGTERM", () => void app[Symbol.asyncDispose]().then(() => process.exit(0)));
