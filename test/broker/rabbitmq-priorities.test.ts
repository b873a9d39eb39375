import { env, stdout } from "node:process";
import { expect, it } from "vitest";
import type { Delivery } from "../../src/server/broker/work-queues.js";
import { createVhost } from "../services/vhost.js";
import { EventQueue } from "./event-queue.js";
import { message, numbered, task } from "./messages.js";
import { openSpy, type Spy, startBroker } from "./rabbitmq-testbed.js";

const kinds = ["classic", "quorum"] as const;

/** PRIORITY_BACKLOG=50000 makes it as long as the promise. */
const backlogLength = Number(env["PRIORITY_BACKLOG"] ?? 2000);

/** Where the urgent messages of a quorum queue go: from RabbitMQ 4 on it has priorities of its own. */
function urgentQueueOf(queue: string, { majorVersion }: Spy): string {
  return majorVersion < 4 ? `${queue}.express` : queue;
}

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

it("What fails in a queue of urgent messages returns to it, and its dead letter names the work queue", async () => {
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
  const urgentQueue = urgentQueueOf("notification.new", spy);
  expect(retry.fields.routingKey).toBe(urgentQueue);
  await failing.stop();
  spy.channel.sendToQueue(urgentQueue, retry.content, retry.properties);
  const deadLetters = new EventQueue<string>();
  process.broker.consumeDeadLetters(async ({ queue }) => deadLetters.push(queue), { prefetch: 1 });
  process.broker.consume("notification.new", () => Promise.reject(new Error("no")), {
    prefetch: 5,
    maxAttempts: 2,
  });
  expect(await deadLetters.next()).toBe("notification.new");
});

it("Stopping a consumer stops it in the queue of urgent messages, too", async () => {
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
  const urgentQueue = urgentQueueOf("notification.read", spy);
  expect((await spy.take(urgentQueue)).content.toString()).toBe("8");
  expect((await spy.take("notification.read")).content.toString()).toBe("4");
  expect(handled).toEqual([]);
});
