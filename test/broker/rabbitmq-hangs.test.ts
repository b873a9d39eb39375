import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BrokerUnavailableError } from "../../src/server/broker/errors.js";
import { openCutProxy } from "../services/cut-proxy.js";
import { type RabbitmqNode, startRabbitmqNode } from "../services/rabbitmq-node.js";
import { createVhost } from "../services/vhost.js";
import { waitUntil } from "../services/wait-until.js";
import { message } from "./messages.js";
import { addVhost, openBroker, startBroker } from "./rabbitmq-testbed.js";

/** Nothing in these tests is noticed by missing heartbeats. */
const heartbeatSeconds = 600;

describe("A broker that is paused and closes nothing", { timeout: 60_000 }, () => {
  let node: RabbitmqNode;
  beforeAll(async () => {
    node = await startRabbitmqNode();
  });
  afterAll(() => node[Symbol.asyncDispose]());

  it.each(["instance", "user"] as const)(
    "interrupts live delivery of a process that publishes nothing, until it continues, with LIVE_ROUTING=%s",
    async (liveRouting) => {
      const vhost = await addVhost(node);
      await using process = await startBroker(vhost.url, { config: { heartbeatSeconds, liveRouting } });
      await process.broker.watch("ada");
      node.pause();
      try {
        expect(await process.live.states.next()).toBe("interrupted");
        const health = process.broker.health();
        expect(health).toMatchObject({
          healthy: false,
          publishing: "unresponsive",
          consuming: "unresponsive",
        });
        await expect(process.broker.publish(message("refused"))).rejects.toThrow("RabbitMQ does not answer");
      } finally {
        node.resume();
      }
      expect(await process.live.states.next()).toBe("resumed");
      await process.healthy();
      await process.broker.publish(message("after all", { userId: "ada" }));
      expect(await process.live.messages.next()).toBe("after all");
      expect(process.live.states.size).toBe(0);
    },
  );

  it("confirms what was sent to it before it was noticed, and nothing is refused that is still on its way", async () => {
    const vhost = await addVhost(node);
    await using process = await startBroker(vhost.url, { config: { heartbeatSeconds } });
    node.pause();
    const sent = process.broker.publish(message("in the pipe"));
    expect(await process.live.states.next()).toBe("interrupted");
    expect(process.broker.health().unconfirmed).toBe(1);
    node.resume();
    await sent;
    expect(await process.live.messages.next()).toBe("in the pipe");
  });

  it("is left within a bound by a process that consumes and publishes", async () => {
    const vhost = await addVhost(node);
    await using process = await startBroker(vhost.url, { config: { heartbeatSeconds } });
    const consumer = process.broker.consume("notification.new", async () => {}, {
      prefetch: 10,
      maxAttempts: 1,
    });
    await process.broker.publish(message("handled"));
    node.pause();
    try {
      const sent = process.broker.publish(message("in the pipe"));
      const refused = expect(sent).rejects.toThrow(BrokerUnavailableError);
      expect(await process.live.states.next()).toBe("interrupted");
      const begin = performance.now();
      await consumer.stop();
      await process.broker[Symbol.asyncDispose]();
      // Each of its steps takes a second.
      expect(performance.now() - begin).toBeLessThan(10_000);
      await refused;
    } finally {
      node.resume();
    }
  });
});

it("Starting waits a while for a broker that accepts and says nothing, and continues without it", async () => {
  await using vhost = await createVhost();
  await using proxy = await openCutProxy(vhost.url);
  proxy.freeze();
  const config = { connectionTimeout: 600_000 };
  await using process = openBroker(proxy.url, { config, limits: { startTimeout: 200 } });
  await process.broker.start();
  expect(process.broker.health()).toMatchObject({ healthy: false, publishing: "connecting" });
  proxy.heal();
  expect(await process.live.states.next()).toBe("resumed");
  await process.healthy();
});

it("A connection that goes dead while the queues are declared does not delay the start", async () => {
  await using vhost = await createVhost();
  await using proxy = await openCutProxy(vhost.url);
  proxy.freezeAfter("notification.events");
  await using process = openBroker(proxy.url, {
    config: { heartbeatSeconds },
    limits: { startTimeout: 500 },
  });
  await process.broker.start();
  expect(process.broker.health()).toMatchObject({ healthy: false, publishing: "connecting" });
  proxy.heal();
  expect(await process.live.states.next()).toBe("resumed");
  await process.healthy();
});

it("A dead consuming connection is noticed though everything that is published is confirmed", async () => {
  await using vhost = await createVhost();
  await using proxy = await openCutProxy(vhost.url);
  await using process = await startBroker(proxy.url, { config: { heartbeatSeconds } });
  proxy.freezeAfter("carillon consuming");
  expect(await process.live.states.next()).toBe("interrupted");
  await process.broker.publish(message("confirmed"));
  const health = process.broker.health();
  expect(health).toMatchObject({ healthy: false, publishing: "connected", consuming: "unresponsive" });
  proxy.heal();
  expect(await process.live.messages.next()).toBe("confirmed");
  expect(await process.live.states.next()).toBe("resumed");
});

it("A dead publishing connection is noticed though everything that others publish arrives", async () => {
  await using vhost = await createVhost();
  await using proxy = await openCutProxy(vhost.url);
  await using process = await startBroker(proxy.url, { config: { heartbeatSeconds } });
  await using other = await startBroker(vhost.url);
  proxy.freezeAfter("carillon publishing");
  expect(await process.live.states.next()).toBe("interrupted");
  await other.broker.publish(message("from the other"));
  expect(await process.live.messages.next()).toBe("from the other");
  expect(process.broker.health()).toMatchObject({ healthy: false, publishing: "unresponsive" });
  await expect(process.broker.publish(message("refused"))).rejects.toThrow("RabbitMQ does not answer");
  proxy.heal();
  expect(await process.live.states.next()).toBe("resumed");
  await waitUntil("Publishing again", () => process.broker.health().publishing === "connected");
  await process.broker.publish(message("heard again"));
  expect(await process.live.messages.next()).toBe("heard again");
});
