import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ResourceStack } from "../../src/server/scheduling/resource-stack.js";
import { notify } from "../kit/backend.js";
import { type RabbitmqNode, startRabbitmqNode } from "../services/rabbitmq-node.js";
import { type BrokerTestbed, startOnBroker } from "./broker-fixture.js";
import type { Figures } from "./figures.js";
import { type ScenarioContext, scenarioTimeout } from "./scenario.js";

/** Less than two of RabbitMQ's heartbeats: the connections outlive it. Milliseconds. */
const shortHang = 20_000;
/** More than two heartbeats and the time for a new connection. */
const longHang = 65_000;
/** Milliseconds: a second until the hang is noticed, and then the log is read every second. */
const hangSilence = 4000;

describe("under load, nothing is lost, repeated or put out of order", () => {
  const resources = new ResourceStack();
  let node: RabbitmqNode;
  let shared: BrokerTestbed;
  let perUser: BrokerTestbed;
  beforeAll(async () => {
    node = resources.use(await startRabbitmqNode());
    shared = resources.use(await startOnBroker(node, { environment: { LIVE_ROUTING: "instance" } }));
    perUser = resources.use(await startOnBroker(node, { environment: { LIVE_ROUTING: "user" } }));
  });
  afterAll(() => resources[Symbol.asyncDispose]());

  it(
    `when the broker hangs for ${shortHang} ms and closes nothing, with both ways of routing`,
    { timeout: scenarioTimeout },
    async () => {
      // Both testbeds see the same hang.
      const [bothLoaded, bothHung] = [createBarrier(2), createBarrier(2)];
      const run = (testbed: BrokerTestbed, routing: string): Promise<Figures> =>
        testbed.run({
          name: `broker hangs for ${shortHang / 1000} s, LIVE_ROUTING=${routing}`,
          during: shortHang,
          bounds: { silence: hangSilence },
          async fault(scene) {
            await bothLoaded();
            node.pause();
            await expectMutationsToGoOn(scene);
          },
          async heal() {
            await bothHung();
            node.resume();
          },
        });
      await Promise.all([run(shared, "instance"), run(perUser, "user")]);
    },
  );

  it(
    `when the broker hangs for ${longHang} ms and closes nothing`,
    { timeout: scenarioTimeout + longHang },
    async () => {
      await shared.run({
        name: `broker hangs for ${longHang / 1000} s, LIVE_ROUTING=instance`,
        during: longHang,
        bounds: { silence: hangSilence },
        async fault(scene) {
          node.pause();
          await expectMutationsToGoOn(scene);
        },
        async heal() {
          node.resume();
        },
      });
    },
  );
});

/** Resolves for all its callers when there are that many. */
function createBarrier(callers: number): () => Promise<void> {
  let missing = callers;
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    missing -= 1;
    if (missing === 0) open();
    return opened;
  };
}

/** Each instance acknowledges a mutation at once, though nothing that it publishes is confirmed. */
async function expectMutationsToGoOn({ instances, load }: ScenarioContext): Promise<void> {
  for (const [index, { url }] of instances.running.entries()) {
    const key = `while the broker hangs, on instance ${index + 1}, ${load.history.attempts.length}`;
    const attempt = load.history.attempt({ key, kind: "create", userId: load.users[0] ?? "", ids: [] });
    attempt.tries += 1;
    const begin = performance.now();
    attempt.ids = [await notify(url, attempt.userId, key)];
    attempt.outcome = "ok";
    expect(performance.now() - begin).toBeLessThan(4000);
  }
}
