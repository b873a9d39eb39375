import { afterAll, beforeAll, describe, it } from "vitest";
import { ResourceStack } from "../../src/server/scheduling/resource-stack.js";
import { createDatabase } from "../services/database.js";
import { type RabbitmqNode, startRabbitmqNode } from "../services/rabbitmq-node.js";
import { scenarioTimeout, Testbed } from "./scenario.js";

describe("under load, nothing is lost, repeated or put out of order", { timeout: scenarioTimeout }, () => {
  const resources = new ResourceStack();
  let node: RabbitmqNode;
  let testbed: Testbed;
  beforeAll(async () => {
    node = resources.use(await startRabbitmqNode());
    const database = resources.use(await createDatabase());
    testbed = resources.use(await Testbed.start({ databaseUrl: database.url, rabbitmqUrl: node.url }));
  });
  afterAll(() => resources[Symbol.asyncDispose]());

  it("when the broker is killed with -9 and started again with its data", () =>
    testbed.run({
      name: "broker killed -9, with its data",
      fault: () => node.kill(),
      heal: () => node.start(),
    }));

  it("when the broker is killed with -9 and started again without its data", () =>
    testbed.run({
      name: "broker killed -9, without its data",
      async fault() {
        await node.kill();
        await node.wipe();
      },
      heal: () => node.start(),
    }));

  it("when the broker is stopped in order and started again", () =>
    testbed.run({
      name: "broker stop_app and start_app",
      async fault() {
        await node.rabbitmqctl("stop_app");
      },
      async heal() {
        await node.rabbitmqctl("start_app");
      },
    }));
});
