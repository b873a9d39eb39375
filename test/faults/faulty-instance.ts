/** An instance whose broker is faulty. A program of its own, run by the fault suite. */
import { createRandom } from "./random.js";
import { FaultyBroker } from "./faulty-broker.js";
import { runInstance } from "./run-instance.js";

const random = createRandom(Number(process.env["FAULTY_BROKER_SEED"]));
await runInstance((broker) => new FaultyBroker(broker, random));
