import { fileURLToPath } from "node:url";
import type { Channel } from "amqplib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RabbitmqNode, startRabbitmqNode } from "../services/rabbitmq-node.js";
import { openMeddler, runOnBroker } from "./broker-scene.js";
import { scenarioTimeout } from "./scenario.js";

const exchange = "notification.events";
const unrulyInstance = fileURLToPath(new URL("unruly-instance.ts", import.meta.url));

describe("under load, nothing is lost, repeated or put out of order", { timeout: scenarioTimeout }, () => {
  let node: RabbitmqNode;
  beforeAll(async () => {
    node = await startRabbitmqNode();
  });
  afterAll(() => node[Symbol.asyncDispose]());

  it("when messages are sent twice, late, out of order, or are confirmed and never sent", () =>
    runOnBroker(node, () => ({
      name: "messages repeated, delayed, reordered and dropped",
      async startInstances(fleet) {
        const seeds = ["1", "2", "3"].map((seed) => ({ UNRULY_SEED: seed }));
        await Promise.all(seeds.map((seed) => fleet.start(seed, ["--import", "tsx", unrulyInstance])));
      },
      // There is no fault to be healed, and so no time from which to count.
      pace: { before: 2000, during: 3000, after: 2000 },
      // What is dropped shows with the user's next event, or with the comparison of heads, every 15 s or so.
      bounds: { silence: 20_000, recovery: 30_000 },
      fault: async () => {},
      async inspect(_scene, figures) {
        expect(figures.repeatsDropped).toBeGreaterThan(0);
        expect(figures.caughtUp).toBeGreaterThan(0);
      },
    })));

  it("when another client sends all live messages once more, in reverse", () =>
    runOnBroker(node, ({ url }) => {
      const held: Buffer[] = [];
      return {
        name: "live messages repeated by another client",
        pace: { before: 0, during: 2500, after: 2500 },
        async fault({ fleet }) {
          const meddler = await openMeddler(url);
          const channel = await meddler.createChannel();
          const { queue } = await channel.assertQueue("", { exclusive: true });
          await channel.bindQueue(queue, exchange, "notification.live");
          await channel.consume(queue, (message) => message !== null && hold(channel, message.content), {
            noAck: true,
          });
          expect(fleet.running.length).toBe(3);
        },
        async inspect(_scene, figures) {
          expect(figures.repeatsDropped).toBeGreaterThan(held.length);
        },
      };

      /** Sends what was held in reverse, some at a time. It comes back here too, and is not sent a third time. */
      function hold(channel: Channel, body: Buffer): void {
        const sent = held.some((known) => known.equals(body));
        if (sent) return;
        held.push(body);
        if (held.length % 20 !== 0) return;
        for (const again of held.slice(-20).toReversed())
          channel.publish(exchange, "notification.live", again);
      }
    }));

  it("when poisoned messages come on the live key and on the work queues", () =>
    runOnBroker(node, ({ url }) => ({
      name: "poisoned messages",
      pace: { before: 1500, during: 1500, after: 1500 },
      async fault() {
        await using meddler = await openMeddler(url);
        const channel = await meddler.createConfirmChannel();
        for (const body of poison) {
          for (const key of ["notification.live", "notification.new", "notification.read"]) {
            channel.publish(exchange, key, body, { messageId: "poison", CC: ["user.user-0"] });
          }
        }
        await channel.waitForConfirms();
      },
      async inspect(_scene, figures) {
        // On each of three instances.
        expect(figures.unreadable).toBeGreaterThanOrEqual(3 * readByAll);
      },
    })));
});

const poison = [
  "",
  "{",
  "null",
  "[]",
  '{"userId":7}',
  '{"userId":"user-0"}',
  // Of a user who is connected nowhere: nobody looks into it.
  '{"userId":"nobody"}',
  '{"userId":"user-0","sequence":1,"type":"created","epoch":"","id":"","payload":null}',
  // A sequence from the future: a subscriber who believed it would be deaf to all that follows.
  '{"userId":"user-0","sequence":2000000000,"type":"cleared","epoch":"","id":"x","occurredAt":"2026-01-01T00:00:00.000Z","unreadCount":0,"payload":{"upToSequence":1}}',
  "\u0000\uFFFF".repeat(1000),
].map((text) => Buffer.from(text));

/** So many of them are looked into by every instance, whoever is connected to it: those that name no user. */
const readByAll = 6;
