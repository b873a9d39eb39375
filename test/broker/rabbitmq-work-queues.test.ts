import { expect, it } from "vitest";
import type { Delivery } from "../../src/server/broker/work-queues.js";
import { openCutProxy } from "../services/cut-proxy.js";
import { createVhost } from "../services/vhost.js";
import { EventQueue } from "./event-queue.js";
import { message } from "./messages.js";
import { openBroker, openSpy, startBroker } from "./rabbitmq-testbed.js";

it("A message waits in its work queue until there is a consumer", async () => {
  await using vhost = await createVhost();
  await using publisher = await startBroker(vhost.url);
  await publisher.broker.publish(message("waiting"));
  await publisher.broker[Symbol.asyncDispose]();
  await using worker = await startBroker(vhost.url);
  const deliveries = new EventQueue<string>();
  worker.broker.consume("notification.new", async ({ body }) => deliveries.push(body.toString()), {
    prefetch: 1,
    maxAttempts: 3,
  });
  expect(await deliveries.next()).toBe("waiting");
});

it("What a worker was handling when it died is delivered to another, marked as a repeat", async () => {
  await using vhost = await createVhost();
  await using proxy = await openCutProxy(vhost.url);
  await using dying = await startBroker(proxy.url, { limits: { closeTimeout: 100 } });
  const begun = new EventQueue<Delivery>();
  const endless = (delivery: Delivery) => new Promise<void>(() => begun.push(delivery));
  dying.broker.consume("notification.new", endless, { prefetch: 1, maxAttempts: 3 });
  const sent = message("important");
  await dying.broker.publish(sent);
  expect(await begun.next()).toMatchObject({ redelivered: false });
  await using other = await startBroker(vhost.url);
  const deliveries = new EventQueue<Delivery>();
  other.broker.consume("notification.new", async (delivery) => deliveries.push(delivery), {
    prefetch: 1,
    maxAttempts: 3,
  });
  proxy.cut();
  expect(await deliveries.next()).toMatchObject({ id: sent.id, redelivered: true });
});

it("A consumer continues after its connection was lost, and an answer to the old connection does no harm", async () => {
  await using vhost = await createVhost();
  await using proxy = await openCutProxy(vhost.url);
  await using process = await startBroker(proxy.url);
  const begun = new EventQueue<{ redelivered: boolean; finish: () => void }>();
  const handler = ({ redelivered }: Delivery) =>
    new Promise<void>((finish) => begun.push({ redelivered, finish }));
  const consumer = process.broker.consume("notification.new", handler, { prefetch: 1, maxAttempts: 3 });
  await process.broker.publish(message("twice"));
  const first = await begun.next();
  proxy.cut();
  expect(await process.live.states.next()).toBe("interrupted");
  first.finish();
  proxy.heal();
  const second = await begun.next();
  expect(second.redelivered).toBe(true);
  second.finish();
  await consumer.stop();
  await using spy = await openSpy(vhost.url);
  expect(await spy.channel.checkQueue("notification.new")).toMatchObject({ messageCount: 0 });
});

it("A consumer continues after its queue was deleted", async () => {
  await using vhost = await createVhost();
  await using process = await startBroker(vhost.url);
  await using spy = await openSpy(vhost.url);
  const deliveries = new EventQueue<string>();
  process.broker.consume("notification.new", async ({ body }) => deliveries.push(body.toString()), {
    prefetch: 1,
    maxAttempts: 3,
  });
  await process.broker.publish(message("before"));
  expect(await deliveries.next()).toBe("before");
  await spy.channel.deleteQueue("notification.new");
  // Until the queue is there again, only the live queue takes what is published.
  let text = "";
  for (let n = 0; text === ""; n += 1) {
    await process.broker.publish(message(`after ${n}`));
    await process.live.messages.next();
    if (deliveries.size > 0) text = await deliveries.next();
  }
  expect(text).toMatch(/^after/);
});

it("Stopping finishes what is being handled, acknowledges it, and leaves the rest in the queue", async () => {
  await using vhost = await createVhost();
  await using process = await startBroker(vhost.url);
  await using spy = await openSpy(vhost.url);
  const begun = new EventQueue<() => void>();
  const consumer = process.broker.consume("notification.new", () => new Promise((done) => begun.push(done)), {
    prefetch: 2,
    maxAttempts: 3,
  });
  for (const text of ["one", "two", "three"]) await process.broker.publish(message(text));
  const finish = await begun.take(2);
  const stopping = consumer.stop();
  for (const done of finish) done();
  await stopping;
  expect((await spy.take("notification.new")).content.toString()).toBe("three");
  expect(await spy.channel.get("notification.new")).toBe(false);
  expect(begun.size).toBe(0);
});

it("A consumer that is stopped before the broker starts never consumes", async () => {
  await using vhost = await createVhost();
  await using process = openBroker(vhost.url);
  const taken: string[] = [];
  const consumer = process.broker.consume("notification.new", async ({ id }) => void taken.push(id), {
    prefetch: 1,
    maxAttempts: 3,
  });
  await consumer.stop();
  await process.broker.start();
  await using spy = await openSpy(vhost.url);
  await process.broker.publish(message("not consumed"));
  expect((await spy.take("notification.new")).content.toString()).toBe("not consumed");
  expect(taken).toEqual([]);
});

it("Closing does not wait forever for a handler that never finishes", async () => {
  await using vhost = await createVhost();
  await using process = await startBroker(vhost.url, { limits: { closeTimeout: 100 } });
  const begun = new EventQueue<true>();
  process.broker.consume("notification.new", () => new Promise(() => begun.push(true)), {
    prefetch: 1,
    maxAttempts: 3,
  });
  await process.broker.publish(message("endless"));
  await begun.next();
  const before = performance.now();
  await process.broker[Symbol.asyncDispose]();
  expect(performance.now() - before).toBeLessThan(2000);
  await using spy = await openSpy(vhost.url);
  expect((await spy.take("notification.new")).fields.redelivered).toBe(true);
});
