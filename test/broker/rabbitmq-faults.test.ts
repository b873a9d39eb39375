import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BrokerUnavailableError } from "../../src/server/broker/errors.js";
import { inspectRabbitMq } from "../../src/server/broker/rabbitmq/inspect.js";
import { type RabbitmqNode, startRabbitmqNode } from "../services/rabbitmq-node.js";
import { waitUntil } from "../services/wait-until.js";
import { message, numbered } from "./messages.js";
import { addVhost, openSpy, startBroker } from "./rabbitmq-testbed.js";

describe("With a RabbitMQ node under faults", { timeout: 60_000 }, () => {
  let node: RabbitmqNode;
  beforeAll(async () => {
    node = await startRabbitmqNode();
  });
  afterAll(() => node[Symbol.asyncDispose]());

  it("what was confirmed survives kill -9 and restart, and live delivery comes back", async () => {
    const vhost = await addVhost(node);
    await using process = await startBroker(vhost.url);
    const publish = (text: string) => process.broker.publish(message(text)).then(() => text);
    const calm = numbered("before the kill", 200);
    await Promise.all(calm.map(publish));
    const killed = node.kill();
    const outcomes = await Promise.allSettled(numbered("during the kill", 500).map(publish));
    await killed;
    const confirmed = [
      ...calm,
      ...outcomes.flatMap((sent) => (sent.status === "fulfilled" ? [sent.value] : [])),
    ];
    expect(await process.live.states.next()).toBe("interrupted");
    await expect(process.broker.publish(message("down"))).rejects.toThrow(BrokerUnavailableError);
    await node.start();
    expect(await process.live.states.next()).toBe("resumed");
    await process.healthy();
    await using spy = await openSpy(vhost.url);
    const kept = new Set<string>();
    while (!confirmed.every((text) => kept.has(text))) {
      kept.add((await spy.take("notification.new")).content.toString());
    }
    await process.broker.publish(message("up again"));
    const heard = new Set<string>();
    while (!heard.has("up again")) heard.add(await process.live.messages.next());
  });

  it("connections that an operator closes are made again, and messages flow again, each time", async () => {
    const vhost = await addVhost(node);
    await using process = await startBroker(vhost.url);
    for (const text of numbered("after closing", 3)) {
      await node.rabbitmqctl("close_all_connections", "--vhost", vhost.name, "maintenance");
      expect(await process.live.states.next()).toBe("interrupted");
      expect(await process.live.states.next()).toBe("resumed");
      await process.healthy();
      await process.broker.publish(message(text));
      expect(await process.live.messages.next()).toBe(text);
    }
  });

  it("a live queue that is deleted is made again on the same connection", async () => {
    const vhost = await addVhost(node);
    await using process = await startBroker(vhost.url);
    const connections = () => node.rabbitmqctl("list_connections", "pid");
    const before = await connections();
    const queues = await node.rabbitmqctl("list_queues", "-p", vhost.name, "name", "--no-table-headers");
    const live = queues.split("\n").find((name) => name.startsWith("amq.gen")) ?? "";
    await node.rabbitmqctl("delete_queue", "-p", vhost.name, live);
    expect(await process.live.states.next()).toBe("interrupted");
    expect(await process.live.states.next()).toBe("resumed");
    await process.broker.publish(message("in the new queue"));
    expect(await process.live.messages.next()).toBe("in the new queue");
    expect(await connections()).toBe(before);
  });

  it.each(["instance", "user"] as const)(
    "live queues that lost their bindings with the exchange are bound again, with LIVE_ROUTING=%s",
    async (liveRouting) => {
      const vhost = await addVhost(node);
      await using publishing = await startBroker(vhost.url, { config: { liveRouting } });
      await using silent = await startBroker(vhost.url, { config: { liveRouting } });
      for (const { broker } of [publishing, silent]) await broker.watch("ada");
      await using spy = await openSpy(vhost.url);
      await spy.channel.deleteExchange("notification.events");
      for (const { live } of [publishing, silent]) {
        expect(await live.states.next()).toBe("interrupted");
        expect(await live.states.next()).toBe("resumed");
      }
      await publishing.healthy();
      await publishing.broker.publish(message("after all", { userId: "ada" }));
      for (const { live } of [publishing, silent]) expect(await live.messages.next()).toBe("after all");
    },
  );

  it("all watched users are heard again after the connections were closed, and the others not", async () => {
    const vhost = await addVhost(node);
    await using process = await startBroker(vhost.url, { config: { liveRouting: "user" } });
    for (const user of ["ada", "grace", "edsger"]) await process.broker.watch(user);
    await node.rabbitmqctl("close_all_connections", "--vhost", vhost.name, "maintenance");
    expect(await process.live.states.next()).toBe("interrupted");
    process.broker.unwatch("edsger");
    expect(await process.live.states.next()).toBe("resumed");
    await process.healthy();
    for (const user of ["edsger", "ada", "grace"]) {
      await process.broker.publish(message(user, { userId: user }));
    }
    expect((await process.live.messages.take(2)).sort()).toEqual(["ada", "grace"]);
  });

  it("a memory alarm refuses publishing at once and leaves live delivery alone, until it ends", async () => {
    const vhost = await addVhost(node);
    await using process = await startBroker(vhost.url);
    await node.rabbitmqctl("set_vm_memory_high_watermark", "0.00001");
    try {
      // The broker says that it blocks only to those who publish, so this may be sent or refused at once.
      await expect(process.broker.publish(message("held back"))).rejects.toThrow("blocked");
      const before = performance.now();
      await expect(process.broker.publish(message("refused"))).rejects.toThrow(BrokerUnavailableError);
      expect(performance.now() - before).toBeLessThan(100);
      expect(process.broker.health()).toMatchObject({
        healthy: false,
        publishing: "blocked",
        consuming: "connected",
      });
      expect(process.live.states.size).toBe(0);
    } finally {
      await node.rabbitmqctl("set_vm_memory_high_watermark", "0.4");
    }
    await process.healthy();
    await process.broker.publish(message("free again"));
    const heard = new Set<string>();
    while (!heard.has("free again")) heard.add(await process.live.messages.next());
    await waitUntil("The late confirm", () => process.broker.health().unconfirmed === 0);
  });

  it("closing is bounded under a memory alarm, whether the broker has said that it blocks or not", async () => {
    const vhost = await addVhost(node);
    const limits = { closeTimeout: 500 };
    await using blocked = await startBroker(vhost.url, { limits });
    await using unaware = await startBroker(vhost.url, { limits });
    await node.rabbitmqctl("set_vm_memory_high_watermark", "0.00001");
    try {
      await expect(blocked.broker.publish(message("held back"))).rejects.toThrow("blocked");
      const refused = expect(unaware.broker.publish(message("in the pipe"))).rejects.toThrow();
      const before = performance.now();
      await Promise.all([blocked.broker[Symbol.asyncDispose](), unaware.broker[Symbol.asyncDispose]()]);
      expect(performance.now() - before).toBeLessThan(2500);
      await refused;
    } finally {
      await node.rabbitmqctl("set_vm_memory_high_watermark", "0.4");
    }
  });

  it("the doctor finds the memory alarm, says why, and finds none once it has ended", async () => {
    const vhost = await addVhost(node);
    const inspect = () => inspectRabbitMq(vhost.url, { queueType: "classic" }, 5000);
    expect((await inspect()).alarm).toBeNull();
    await node.rabbitmqctl("set_vm_memory_high_watermark", "0.00001");
    try {
      expect((await inspect()).alarm).toContain("memory");
    } finally {
      await node.rabbitmqctl("set_vm_memory_high_watermark", "0.4");
    }
    expect((await inspect()).alarm).toBeNull();
  });
});
