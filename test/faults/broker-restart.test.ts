import { afterAll, beforeAll, describe, it } from "vitest";
import { createDatabase } from "../services/database.js";
import { type RabbitmqNode, startRabbitmqNode } from "../services/rabbitmq-node.js";
import { runScenario, type Scenario, scenarioTimeout } from "./scenario.js";

describe("under load, nothing is lost, repeated or put out of order", { timeout: scenarioTimeout }, () => {
  let node: RabbitmqNode;
  beforeAll(async () => {
    node = await startRabbitmqNode();
  });
  afterAll(() => node[Symbol.asyncDispose]());

  async function run(scenario: Pick<Scenario, "name" | "fault" | "heal">): Promise<void> {
    await using database = await createDatabase();
    await runScenario({ databaseUrl: database.url, rabbitmqUrl: node.url, ...scenario });
  }

  it("when the broker is killed with -9 and started again with its data", () =>
    run({
      name: "broker killed -9, with its data",
      fault: () => node.kill(),
      heal: () => node.start(),
    }));

  it("when the broker is killed with -9 and started again without its data", () =>
    run({
      name: "broker killed -9, without its data",
      async fault() {
        await node.kill();
        await node.wipe();
      },
      heal: () => node.start(),
    }));

  it("when the broker is stopped in order and started again", () =>
    run({
      name: "broker stop_app and start_app",
      async fault() {
        await node.rabbitmqctl("stop_app");
      },
      async heal() {
        await node.rabbitmqctl("start_app");
      },
    }));
});
