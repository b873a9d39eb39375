import { env, stdout } from "node:process";
import { expect, it } from "vitest";
import type { Delivery } from "../../src/broker/broker.js";
import { createVhost } from "../services/vhost.js";
import { EventQueue } from "./event-queue.js";
import { message, numbered, task } from "./messages.js";
import { openSpy, startBroker } from "./rabbitmq-bed.js";

const kinds = ["classic", "quorum"] as const;

/** PRIORITY_BACKLOG=50000 makes it as long as the promise. */
const backlogLength = Number(env["PRIORITY_BACKLOG"] ?? 2000);

it.each(kinds)("Urgent messages overtake a backlog in %s queues", { timeout: 300_000 }, async (queueType) => {
  await using vhost = await createVhost();
  await using process = await startBroker(vhost.url, { config: { queueType } });
  const backlog = numbered("calm", backlogLength);
  for (let sent = 0; sent < backlog.length; sent += 500) {
    const batch = backlog.slice(sent, sent + 500);
    await Promise.all(batch.map((text) => process.broker.publish(message(text, { priority: 2 }))));
  }
  for (const text of ["high", "urgent"]) {
    await process.broker.publish(message(text, { priority: text === "high" ? 6 : 8 }));
  }
  const deliveries = new EventQueue<string>();
  const handler = async ({ body }: Delivery) => deliveries.push(body.toString());
  const begin = performance.now();
  process.broker.consume("notification.new", handler, { prefetch: 5, maxAttempts: 3 });
  const order = await deliveries.take(backlogLength + 2);
  const places = ["high", "urgent"].map((text) => order.indexOf(text) + 1);
  for (const place of places) expect(place).toBeLessThan(50);
  stdout.write(
    `priorities (${queueType}): behind a backlog of ${backlogLength} HIGH and URGENT came as numbers ${places.join(" and ")}; ` +
      `the last message came ${((performance.now() - begin) / 1000).toFixed(1)} s after the first\n`,
  );
  expect(order.toSorted()).toEqual([...backlog, "high", "urgent"].toSorted());
});

it.each(kinds)("Urgent tasks overtake a backlog in %s queues", async (queueType) => {
  await using vhost = await createVhost();
  await using process = await startBroker(vhost.url, { config: { queueType } });
  const backlog = numbered("calm", 300);
  await Promise.all(backlog.map((text) => process.broker.enqueue("notification.task.a", task(text))));
  await process.broker.enqueue("notification.task.a", task("urgent", { priority: 8 }));
  const deliveries = new EventQueue<string>();
  const handler = async ({ body }: Delivery) => deliveries.push(body.toString());
  process.broker.consume("notification.task.a", handler, { prefetch: 5, maxAttempts: 3 });
  expect((await deliveries.take(301)).indexOf("urgent")).toBeLessThan(50);
});

it("What fails on an express lane returns to it, and its dead letter names the queue", async () => {
  await using vhost = await createVhost();
  const options = { config: { queueType: "quorum" }, limits: { retryDelays: [300] } } as const;
  await using process = await startBroker(vhost.url, options);
  await using spy = await openSpy(vhost.url);
  const failing = process.broker.consume("notification.new", () => Promise.reject(new Error("no")), {
    prefetch: 5,
    maxAttempts: 2,
  });
  await process.broker.publish(message("urgent", { priority: 8 }));
  const retry = await spy.take("notification.retry.300ms");
  expect(retry.fields.routingKey).toBe("notification.new.express");
  await failing.stop();
  spy.channel.sendToQueue("notification.new.express", retry.content, retry.properties);
  const letters = new EventQueue<string>();
  process.broker.consumeDeadLetters(async ({ queue }) => letters.push(queue), { prefetch: 1 });
  process.broker.consume("notification.new", () => Promise.reject(new Error("no")), {
    prefetch: 5,
    maxAttempts: 2,
  });
  expect(await letters.next()).toBe("notification.new");
});

it("Stopping a consumer stops both lanes", async () => {
  await using vhost = await createVhost();
  await using process = await startBroker(vhost.url, { config: { queueType: "quorum" } });
  await using spy = await openSpy(vhost.url);
  const handled: string[] = [];
  const consumer = process.broker.consume("notification.read", async ({ id }) => void handled.push(id), {
    prefetch: 5,
    maxAttempts: 3,
  });
  await consumer.stop();
  for (const priority of [4, 8]) {
    await process.broker.publish(message(`${priority}`, { priority, routingKey: "notification.read" }));
  }
  expect((await spy.take("notification.read")).content.toString()).toBe("4");
  expect((await spy.take("notification.read.express")).content.toString()).toBe("8");
  expect(handled).toEqual([]);
});
