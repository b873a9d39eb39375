import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createDatabase } from "../services/database.js";
import { createVhost } from "../services/vhost.js";
import { waitUntil } from "../services/wait-until.js";
import { type CrashPoint, crashAt } from "./crash-points.js";
import { runScenario, type Scenario, type Scene, scenarioTimeout } from "./scenario.js";

/** Milliseconds for which an instance stands still. */
const standstill = 10_000;

describe("under load, nothing is lost, repeated or put out of order", { timeout: scenarioTimeout }, () => {
  async function run(scenario: Omit<Scenario, "databaseUrl" | "rabbitmqUrl">): Promise<void> {
    await using database = await createDatabase();
    await using vhost = await createVhost();
    await runScenario({ databaseUrl: database.url, rabbitmqUrl: vhost.url, ...scenario });
  }

  it("when instances are killed with -9 at random, and others take their place", () =>
    run({
      name: "instances killed -9 at random",
      async fault({ fleet, random }) {
        for (let kills = 0; kills < 4; kills += 1) {
          await sleep(random.whole(100, 1000));
          await fleet.end(random.pick(fleet.running), "SIGKILL");
          await fleet.start();
        }
      },
      pace: { during: 0 },
    }));

  it("when instances are killed with -9 between the commit and the publish", () =>
    run({
      name: "instances killed -9 between commit and publish",
      fault: (scene) => crashThrice(scene, "after-commit"),
      pace: { during: 3000 },
      // An event of a user for whom nothing comes after it waits for its lease, and then for a relay.
      async inspect(_scene, { relayed }) {
        expect(relayed).toBeGreaterThan(0);
      },
    }));

  it("when instances are killed with -9 between the confirm and the note of it in the log", () =>
    run({
      name: "instances killed -9 between confirm and mark",
      fault: (scene) => crashThrice(scene, "after-confirm"),
      pace: { during: 3000 },
      async inspect(_scene, { relayed, repeatsDropped }) {
        expect(relayed).toBeGreaterThan(0);
        expect(repeatsDropped).toBeGreaterThan(0);
      },
    }));

  it("when an instance stands still for 10 seconds and goes on", () =>
    run({
      name: "an instance stopped and continued (SIGSTOP, SIGCONT)",
      async fault({ fleet }) {
        fleet.running[0]?.process.kill("SIGSTOP");
      },
      async heal({ fleet }) {
        fleet.running[0]?.process.kill("SIGCONT");
      },
      pace: { before: 1500, during: standstill, after: 3000 },
      // Those who are connected to it hear nothing meanwhile, and cannot know.
      bounds: { silence: standstill + 5000 },
    }));

  it("when instances end in order one after the other, as in a roll-out", () =>
    run({
      name: "every instance replaced after SIGTERM",
      async fault({ fleet }) {
        for (const instance of fleet.running.slice()) {
          await fleet.start();
          expect(await fleet.end(instance, "SIGTERM")).toBe(0);
        }
      },
      pace: { during: 0 },
    }));

  it("when ten instances start at once on an empty database", () =>
    run({
      name: "ten instances started at once on an empty database",
      instances: 10,
      environment: { DATABASE_POOL_SIZE: "4" },
      async fault() {},
      pace: { before: 0, during: 5000, after: 0 },
    }));
});

/** Instances that crash at this point, one after the other, each after some events of its own. */
async function crashThrice({ fleet, random }: Scene, point: CrashPoint): Promise<void> {
  for (let crashes = 0; crashes < 3; crashes += 1) {
    const doomed = await fleet.start(crashAt(point, random.whole(1, 30)));
    await waitUntil("The crash", () => doomed.process.signalCode === "SIGKILL", { interval: 5 });
    fleet.forget(doomed);
  }
}
