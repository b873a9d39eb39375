import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type PostgresPair, startPostgresPair } from "../services/postgres-pair.js";
import { createVhost } from "../services/vhost.js";
import type { Failover, GroundTruth } from "./check.js";
import type { Load } from "./load.js";
import { runScenario, type Scenario, scenarioTimeout } from "./scenario.js";
import { openGroundTruth } from "./ground-truth.js";

type Fault = Pick<Scenario, "name" | "fault"> & {
  /** What everybody was given before the failover has to agree with this. */
  readonly former: (users: readonly string[]) => Promise<GroundTruth>;
  readonly inspect: (acknowledgedAndLost: readonly string[]) => void;
};

describe("under load, after a failover of PostgreSQL", { timeout: scenarioTimeout }, () => {
  /** Kills the primary at the end of the fault; the standby takes its place, and is promoted when the fault is healed. */
  async function run(pair: PostgresPair, { name, fault, former, inspect }: Fault): Promise<void> {
    await using vhost = await createVhost();
    let promotedAt = 0;
    await runScenario({
      name,
      databaseUrl: pair.url,
      rabbitmqUrl: vhost.url,
      once: true,
      async fault(scene) {
        await fault(scene);
        await pair.killPrimary();
        promotedAt = Date.now();
      },
      heal: () => pair.promoteStandby(),
      during: 500,
      // The standby first takes over the address, which takes it a start.
      bounds: { silence: 10_000 },
      async allow({ load }): Promise<{ failover: Failover }> {
        return { failover: { former: await former(load.users), promotedAt } };
      },
      async inspect({ load, groundTruth, instances }) {
        inspect(lostOf(load, await groundTruth.read(load.users)));
        const renewed = instances.output().filter((line) => line.includes("epoch renewed"));
        expect(renewed).toHaveLength(1);
      },
    });
  }

  it("to a standby that lagged, everyone is reset once, and nothing is lost but what the standby lacked", async () => {
    await using pair = await startPostgresPair();
    await run(pair, {
      name: "PostgreSQL failed over to a standby that lagged",
      async fault() {
        await pair.cutOffStandby();
        await sleep(1500);
      },
      async former(users) {
        await using groundTruth = openGroundTruth(await pair.startFormer());
        return await groundTruth.read(users);
      },
      inspect: (lost) => expect(lost.length).toBeGreaterThan(0),
    });
  });

  it("to a standby that replicates synchronously, everyone is reset once, and nothing is lost", async () => {
    await using pair = await startPostgresPair();
    await pair.makeSynchronous();
    await run(pair, {
      name: "PostgreSQL failed over to a synchronous standby",
      async fault() {},
      async former(users) {
        await using groundTruth = openGroundTruth(pair.url);
        return await groundTruth.read(users);
      },
      inspect: (lost) => expect(lost).toEqual([]),
    });
  });
});

function lostOf({ history }: Load, { log }: GroundTruth): string[] {
  const created = new Set([...log.values()].flatMap((changes) => changes.map(({ title }) => title)));
  return history.attempts
    .filter(({ kind, outcome, key }) => kind === "create" && outcome === "ok" && !created.has(key))
    .map(({ key }) => key);
}
