import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RabbitmqNode, startRabbitmqNode } from "../services/rabbitmq-node.js";
import { openMeddler, runOnBroker } from "./broker-scene.js";
import { scenarioTimeout } from "./scenario.js";

/** None of these takes the broker away: what was removed stands again within seconds, without anyone's help. */
const atOnce = { during: 2000, after: 1500 };

describe("under load, nothing is lost, repeated or put out of order", { timeout: scenarioTimeout }, () => {
  let node: RabbitmqNode;
  beforeAll(async () => {
    node = await startRabbitmqNode();
  });
  afterAll(() => node[Symbol.asyncDispose]());

  it("when an operator closes all connections of the broker, with a live queue for each user", () =>
    runOnBroker(node, ({ vhost }) => ({
      name: "all connections closed, LIVE_ROUTING=user",
      environment: { LIVE_ROUTING: "user" },
      pace: atOnce,
      async fault() {
        await node.rabbitmqctl("close_all_connections", "--vhost", vhost, "maintenance");
      },
    })));

  it("when the live queues are deleted", () =>
    runOnBroker(node, ({ control, liveQueues }) => ({
      name: "live queues deleted",
      pace: atOnce,
      async fault() {
        const queues = await liveQueues();
        expect(queues.length).toBeGreaterThan(0);
        // An instance that loses one of its queues gives up the others, so that one of these may be gone already.
        const some = queues.slice(0, 3).map((queue) => control("delete_queue", queue));
        await Promise.allSettled(some);
      },
    })));

  it("when the exchange is deleted", () =>
    runOnBroker(node, ({ url }) => ({
      name: "exchange deleted",
      pace: atOnce,
      async fault() {
        await using meddler = await openMeddler(url);
        const channel = await meddler.createChannel();
        await channel.deleteExchange("notification.events");
      },
    })));

  it("when the work queues are deleted, so that some events reach no queue", () =>
    runOnBroker(node, ({ url }) => ({
      name: "work queues deleted",
      pace: atOnce,
      async fault() {
        await using meddler = await openMeddler(url);
        const channel = await meddler.createChannel();
        for (const name of ["new", "read", "delete", "clear"]) {
          await channel.deleteQueue(`notification.${name}`);
        }
      },
    })));
});
