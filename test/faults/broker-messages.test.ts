import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ResourceStack } from "../../src/server/scheduling/resource-stack.js";
import { type RabbitmqNode, startRabbitmqNode } from "../services/rabbitmq-node.js";
import { type BrokerTestbed, openForeignClient, startOnBroker } from "./broker-fixture.js";
import { scenarioTimeout } from "./scenario.js";

const exchange = "notification.events";
const faultyInstance = fileURLToPath(new URL("faulty-instance.ts", import.meta.url));

describe("under load, nothing is lost, repeated or put out of order", { timeout: scenarioTimeout }, () => {
  const resources = new ResourceStack();
  let node: RabbitmqNode;
  let testbed: BrokerTestbed;
  beforeAll(async () => {
    node = resources.use(await startRabbitmqNode());
    testbed = resources.use(await startOnBroker(node));
  });
  afterAll(() => resources[Symbol.asyncDispose]());

  it("when messages are sent twice, late, out of order, or are confirmed and never sent", async () => {
    await using faulty = await startOnBroker(node, {
      async startInstances(instances) {
        const seeds = ["1", "2", "3"].map((seed) => ({ FAULTY_BROKER_SEED: seed }));
        await Promise.all(seeds.map((seed) => instances.start(seed, ["--import", "tsx", faultyInstance])));
      },
    });
    await faulty.run({
      name: "messages repeated, delayed, reordered and dropped",
      // There is no fault to be healed, and so no time from which to count.
      during: 3000,
      // What is dropped shows with the user's next event, or with the comparison of heads, every 15 s or so.
      bounds: { silence: 20_000, recovery: 30_000 },
      fault: async () => {},
      async inspect(_scene, figures) {
        expect(figures.repeatsDropped).toBeGreaterThan(0);
        expect(figures.caughtUp).toBeGreaterThan(0);
      },
    });
  });

  it("when another client sends all live messages once more, in reverse", async () => {
    await using client = await openForeignClient(testbed.url);
    const channel = await client.createChannel();
    const held: Buffer[] = [];
    const { queue } = await channel.assertQueue("", { exclusive: true });
    await channel.bindQueue(queue, exchange, "notification.live");
    await channel.consume(queue, (message) => message !== null && hold(message.content), { noAck: true });
    await testbed.run({
      name: "live messages repeated by another client",
      during: 2500,
      async fault({ instances }) {
        expect(instances.running.length).toBe(3);
      },
      async inspect(_scene, figures) {
        expect(figures.repeatsDropped).toBeGreaterThan(held.length);
      },
    });

    /** Sends what was held in reverse, 20 at a time. It comes back here too, and is not sent a third time. */
    function hold(body: Buffer): void {
      if (held.some((known) => known.equals(body))) return;
      held.push(body);
      if (held.length % 20 !== 0) return;
      for (const again of held.slice(-20).toReversed()) channel.publish(exchange, "notification.live", again);
    }
  });

  it("when poisoned messages come on the live key and on the work queues", () =>
    testbed.run({
      name: "poisoned messages",
      during: 1500,
      async fault({ load }) {
        const [user = ""] = load.users;
        await using client = await openForeignClient(testbed.url);
        const channel = await client.createConfirmChannel();
        for (const body of poisonFor(user)) {
          for (const key of ["notification.live", "notification.new", "notification.read"]) {
            channel.publish(exchange, key, body, { messageId: "poison", CC: [`user.${user}`] });
          }
        }
        await channel.waitForConfirms();
      },
      async inspect(_scene, figures) {
        // On each of three instances.
        expect(figures.unreadable).toBeGreaterThanOrEqual(3 * readByAll);
      },
    }));
});

/** Messages that are no events, and some that say that they are of this user. */
function poisonFor(user: string): Buffer[] {
  return [
    "",
    "{",
    "null",
    "[]",
    '{"userId":7}',
    `{"userId":"${user}"}`,
    // Of a user who is connected nowhere: nobody looks into it.
    '{"userId":"nobody"}',
    `{"userId":"${user}","sequence":1,"type":"created","epoch":"","id":"","payload":null}`,
    // A sequence from the future: a subscriber who believed it would be deaf to all that follows.
    `{"userId":"${user}","sequence":2000000000,"type":"cleared","epoch":"","id":"x","occurredAt":"2026-01-01T00:00:00.000Z","unreadCount":0,"payload":{"upToSequence":1}}`,
    "\u0000\uFFFF".repeat(1000),
  ].map((text) => Buffer.from(text));
}

/** So many of them are looked into by every instance, whoever is connected to it: those that name no user. */
const readByAll = 6;
