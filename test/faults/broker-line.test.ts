import { afterAll, beforeAll, describe, it } from "vitest";
import { type RabbitmqNode, startRabbitmqNode } from "../services/rabbitmq-node.js";
import { openCutProxy } from "../services/cut-proxy.js";
import { runOnBroker } from "./broker-scene.js";
import { scenarioTimeout } from "./scenario.js";

describe("under load, nothing is lost, repeated or put out of order", { timeout: scenarioTimeout }, () => {
  let node: RabbitmqNode;
  beforeAll(async () => {
    node = await startRabbitmqNode();
  });
  afterAll(() => node[Symbol.asyncDispose]());

  it("when the line to the broker carries nothing and says nothing", async () => {
    await using proxy = await openCutProxy(node.url);
    await runOnBroker(node, ({ vhost }) => ({
      name: "half-open connections to the broker",
      rabbitmqUrl: `${proxy.url}/${vhost}`,
      environment: { RABBITMQ_HEARTBEAT: "1", RABBITMQ_CONNECTION_TIMEOUT: "2000" },
      async fault() {
        proxy.freeze();
      },
      async heal() {
        proxy.heal();
      },
    }));
  });

  it("when the line to the broker is reset again and again", async () => {
    await using proxy = await openCutProxy(node.url);
    await runOnBroker(node, ({ vhost }) => ({
      name: "connections to the broker reset",
      rabbitmqUrl: `${proxy.url}/${vhost}`,
      async fault() {
        proxy.cut();
      },
      async heal() {
        proxy.heal();
      },
    }));
  });

  it("when the line to the broker is slow and loses a tenth of its packets", async () => {
    await using proxy = await openCutProxy(node.url);
    await runOnBroker(node, ({ vhost }) => ({
      name: "a slow line to the broker that loses packets",
      rabbitmqUrl: `${proxy.url}/${vhost}`,
      async fault({ random }) {
        proxy.slow(() => (random.chance(0.1) ? random.whole(200, 400) : 5));
      },
      async heal() {
        proxy.heal();
      },
    }));
  });
});
