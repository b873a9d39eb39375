import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ResourceStack } from "../../src/server/scheduling/resource-stack.js";
import { upTo } from "../kit/items.js";
import { createDatabase } from "../services/database.js";
import { createVhost } from "../services/vhost.js";
import { waitUntil } from "../services/wait-until.js";
import { type CrashPoint, crashAt } from "./crash-points.js";
import {
  runScenario,
  type ScenarioContext,
  scenarioTimeout,
  Testbed,
  type TestbedOptions,
} from "./scenario.js";

/** Milliseconds for which an instance stands still. */
const pauseTime = 10_000;

describe("under load, nothing is lost, repeated or put out of order", { timeout: scenarioTimeout }, () => {
  const resources = new ResourceStack();
  let testbed: Testbed;
  beforeAll(async () => {
    testbed = resources.use(await Testbed.start(await makeServices()));
  });
  afterAll(() => resources[Symbol.asyncDispose]());

  async function makeServices(): Promise<TestbedOptions> {
    const database = resources.use(await createDatabase());
    const vhost = resources.use(await createVhost());
    return { databaseUrl: database.url, rabbitmqUrl: vhost.url };
  }

  it("when instances are killed with -9 at random, and others take their place", () =>
    testbed.run({
      name: "instances killed -9 at random",
      async fault({ instances, random }) {
        for (let kills = 0; kills < 4; kills += 1) {
          await sleep(random.whole(100, 1000));
          await instances.end(random.pick(instances.running), "SIGKILL");
          await instances.start();
        }
      },
      during: 0,
    }));

  it("when instances are killed with -9 between the commit and the publish", () =>
    testbed.run({
      name: "instances killed -9 between commit and publish",
      fault: (scene) => crashThrice(scene, "after-commit"),
      during: 3000,
      // An event of a user for whom nothing comes after it waits for its lease, and then for a relay.
      async inspect(_scene, { relayed }) {
        expect(relayed).toBeGreaterThan(0);
      },
    }));

  it("when instances are killed with -9 between the confirm and the note of it in the log", () =>
    testbed.run({
      name: "instances killed -9 between confirm and mark",
      fault: (scene) => crashThrice(scene, "after-confirm"),
      during: 3000,
      async inspect(_scene, { relayed, repeatsDropped }) {
        expect(relayed).toBeGreaterThan(0);
        expect(repeatsDropped).toBeGreaterThan(0);
      },
    }));

  it("when an instance stands still for 10 seconds and goes on", () =>
    testbed.run({
      name: "an instance stopped and continued (SIGSTOP, SIGCONT)",
      async fault({ instances }) {
        instances.running[0]?.process.kill("SIGSTOP");
      },
      async heal({ instances }) {
        instances.running[0]?.process.kill("SIGCONT");
      },
      during: pauseTime,
      // Those who are connected to it hear nothing meanwhile, and cannot know.
      bounds: { silence: pauseTime + 5000 },
    }));

  it("when instances end in order one after the other, as in a roll-out", () =>
    testbed.run({
      name: "every instance replaced after SIGTERM",
      async fault({ instances }) {
        for (const instance of instances.running.slice()) {
          await instances.start();
          expect(await instances.end(instance, "SIGTERM")).toBe(0);
        }
      },
      during: 0,
    }));

  it("when instances are replaced one after the other behind a load balancer that knows them by their health", async () => {
    await using balanced = await Testbed.start({
      ...(await makeServices()),
      environment: { SHUTDOWN_DELAY: "4000" },
      async startInstances(instances) {
        await Promise.all(upTo(3).map(() => instances.start()));
        await instances.balance();
      },
    });
    await balanced.run({
      name: "every instance restarted behind a load balancer",
      async fault({ instances }) {
        for (const instance of instances.running.slice()) {
          expect(await instances.end(instance, "SIGTERM")).toBe(0);
          await instances.start({ PORT: new URL(instance.url).port });
        }
      },
      during: 0,
      bounds: { silence: 3000 },
    });
  });

  it("when ten instances start at once on an empty database", async () => {
    await runScenario({
      ...(await makeServices()),
      name: "ten instances started at once on an empty database",
      instances: 10,
      environment: { DATABASE_POOL_SIZE: "4" },
      async fault() {},
      during: 2000,
    });
  });
});

/** Instances that crash at this point, one after the other, each after some events of its own. */
async function crashThrice({ instances, random }: ScenarioContext, point: CrashPoint): Promise<void> {
  for (let crashes = 0; crashes < 3; crashes += 1) {
    const crashing = await instances.start(...crashAt(point, random.whole(1, 30)));
    await waitUntil("The crash", () => crashing.process.signalCode === "SIGKILL", { interval: 5 });
    instances.forget(crashing);
  }
}
