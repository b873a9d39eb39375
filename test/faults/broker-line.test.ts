import { afterAll, beforeAll, describe, it } from "vitest";
import { ResourceStack } from "../../src/server/scheduling/resource-stack.js";
import { type CutProxy, openCutProxy } from "../services/cut-proxy.js";
import { startRabbitmqNode } from "../services/rabbitmq-node.js";
import { type BrokerTestbed, startOnBroker } from "./broker-fixture.js";
import { scenarioTimeout } from "./scenario.js";

describe("under load, nothing is lost, repeated or put out of order", { timeout: scenarioTimeout }, () => {
  const resources = new ResourceStack();
  let proxy: CutProxy;
  let testbed: BrokerTestbed;
  beforeAll(async () => {
    const node = resources.use(await startRabbitmqNode());
    proxy = resources.use(await openCutProxy(node.url));
    testbed = resources.use(await startOnBroker(node, { through: (vhost) => `${proxy.url}/${vhost}` }));
  });
  afterAll(() => resources[Symbol.asyncDispose]());
  async function heal(): Promise<void> {
    proxy.heal();
  }

  it("when the line to the broker carries nothing and says nothing", () =>
    testbed.run({
      name: "half-open connections to the broker",
      async fault() {
        proxy.freeze();
      },
      heal,
    }));

  it("when the line to the broker is reset again and again", () =>
    testbed.run({
      name: "connections to the broker reset",
      async fault() {
        proxy.cut();
      },
      heal,
    }));

  it("when the line to the broker is slow and loses a tenth of its packets", () =>
    testbed.run({
      name: "a slow line to the broker that loses packets",
      async fault({ random }) {
        proxy.slow(() => (random.chance(0.1) ? random.whole(200, 400) : 5));
      },
      heal,
    }));
});
