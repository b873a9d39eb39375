import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ResourceStack } from "../../src/server/scheduling/resource-stack.js";
import { notify } from "../kit/backend.js";
import { type RabbitmqNode, startRabbitmqNode } from "../services/rabbitmq-node.js";
import { waitUntil } from "../services/wait-until.js";
import { type BrokerTestbed, startOnBroker } from "./broker-fixture.js";
import { type ScenarioContext, scenarioTimeout } from "./scenario.js";

let alarms = 0;

describe("under load, nothing is lost, repeated or put out of order", { timeout: scenarioTimeout }, () => {
  const resources = new ResourceStack();
  let node: RabbitmqNode;
  let testbed: BrokerTestbed;
  beforeAll(async () => {
    node = resources.use(await startRabbitmqNode());
    testbed = resources.use(await startOnBroker(node));
  });
  afterAll(() => resources[Symbol.asyncDispose]());

  it("when the broker's memory alarm blocks publishers: mutations go on, and events arrive by way of the log", () =>
    testbed.run({
      name: "memory alarm",
      bounds: { silence: 3500 },
      async fault(scene) {
        await node.rabbitmqctl("set_vm_memory_high_watermark", "0.00001");
        await expectMutationsToGoOn(scene);
      },
      async heal() {
        await node.rabbitmqctl("set_vm_memory_high_watermark", "0.4");
      },
    }));

  it("when the broker's disk alarm does", () =>
    testbed.run({
      name: "disk alarm",
      bounds: { silence: 3500 },
      async fault(scene) {
        await node.rabbitmqctl("set_disk_free_limit", "100000GB");
        await expectMutationsToGoOn(scene);
      },
      async heal() {
        await node.rabbitmqctl("set_disk_free_limit", "50MB");
      },
    }));

  it("when an instance is to end while its publishing is blocked", () =>
    testbed.run({
      name: "SIGTERM during a memory alarm",
      async fault(scene) {
        await node.rabbitmqctl("set_vm_memory_high_watermark", "0.00001");
        await expectMutationsToGoOn(scene);
        await endOne(scene);
      },
      async heal({ instances }) {
        await node.rabbitmqctl("set_vm_memory_high_watermark", "0.4");
        await instances.start();
      },
    }));
});

/** All instances have heard of the alarm, and each acknowledges a mutation at once all the same. */
async function expectMutationsToGoOn({ instances, load }: ScenarioContext): Promise<void> {
  await waitUntil("Being blocked", async () => {
    const states = await Promise.all(instances.running.map(({ url }) => publishingState(url)));
    return states.every((state) => state === "blocked");
  });
  for (const [index, { url }] of instances.running.entries()) {
    const key = `during alarm ${(alarms += 1)}, on instance ${index + 1}`;
    const attempt = load.history.attempt({ key, kind: "create", userId: load.users[0] ?? "", ids: [] });
    attempt.tries += 1;
    const begin = performance.now();
    attempt.ids = [await notify(url, attempt.userId, key)];
    attempt.outcome = "ok";
    expect(performance.now() - begin).toBeLessThan(2000);
  }
}

async function publishingState(url: string): Promise<unknown> {
  const answer: unknown = await (await fetch(`${url}/health/rabbitmq`)).json();
  return typeof answer === "object" && answer !== null && "publishing" in answer ? answer.publishing : null;
}

/** An orderly stop within ten seconds, whatever the broker does not answer. */
async function endOne({ instances }: ScenarioContext): Promise<void> {
  const [instance] = instances.running;
  if (instance === undefined) throw new Error("no instance runs");
  const begin = performance.now();
  expect(await instances.end(instance, "SIGTERM")).toBe(0);
  expect(performance.now() - begin).toBeLessThan(15_000);
}
