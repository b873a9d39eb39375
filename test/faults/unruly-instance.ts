/** An instance like that of src/main.ts, except that its broker is unruly. A program of its own, run by the fault suite. */
import { startApp } from "../../src/app.js";
import { readConfig } from "../../src/config.js";
import { createLog } from "../../src/telemetry/log.js";
import { createRandom } from "./random.js";
import { UnrulyBroker } from "./unruly-broker.js";

const config = readConfig(process.env);
const random = createRandom(Number(process.env["UNRULY_SEED"]));
const app = await startApp(config, createLog(config.logLevel), (broker) => new UnrulyBroker(broker, random));
process.stdout.write(`Carillon is ready at ${app.url}/graphql\n`);
process.once("SIGTERM", () => void app[Symbol.asyncDispose]().then(() => process.exit(0)));
