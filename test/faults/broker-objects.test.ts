import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ResourceStack } from "../../src/server/scheduling/resource-stack.js";
import { type RabbitmqNode, startRabbitmqNode } from "../services/rabbitmq-node.js";
import { type BrokerTestbed, openForeignClient, startOnBroker } from "./broker-fixture.js";
import { scenarioTimeout } from "./scenario.js";

/** None of these takes the broker away: what was removed stands again within seconds, without anyone's help. Milliseconds. */
const during = 2000;

describe("under load, nothing is lost, repeated or put out of order", { timeout: scenarioTimeout }, () => {
  const resources = new ResourceStack();
  let node: RabbitmqNode;
  let testbed: BrokerTestbed;
  beforeAll(async () => {
    node = resources.use(await startRabbitmqNode());
    testbed = resources.use(await startOnBroker(node));
  });
  afterAll(() => resources[Symbol.asyncDispose]());

  it("when an operator closes all connections of the broker, with a live queue for each user", async () => {
    await using perUser = await startOnBroker(node, { environment: { LIVE_ROUTING: "user" } });
    await perUser.run({
      name: "all connections closed, LIVE_ROUTING=user",
      during,
      async fault() {
        await node.rabbitmqctl("close_all_connections", "--vhost", perUser.vhost, "maintenance");
      },
    });
  });

  it("when the live queues are deleted", () =>
    testbed.run({
      name: "live queues deleted",
      during,
      async fault() {
        const queues = await testbed.liveQueues();
        expect(queues.length).toBeGreaterThan(0);
        // An instance that loses one of its queues gives up the others, so that one of these may be gone already.
        const some = queues.slice(0, 3).map((queue) => testbed.control("delete_queue", queue));
        await Promise.allSettled(some);
      },
    }));

  it("when the exchange is deleted", () =>
    testbed.run({
      name: "exchange deleted",
      during,
      async fault() {
        await using client = await openForeignClient(testbed.url);
        const channel = await client.createChannel();
        await channel.deleteExchange("notification.events");
      },
    }));

  it("when the work queues are deleted, so that some events reach no queue", () =>
    testbed.run({
      name: "work queues deleted",
      during,
      async fault() {
        await using client = await openForeignClient(testbed.url);
        const channel = await client.createChannel();
        for (const name of ["new", "read", "delete", "clear"]) {
          await channel.deleteQueue(`notification.${name}`);
        }
      },
    }));
});
