import { brotliCompressSync } from "node:zlib";
import { expect, it } from "vitest";
import type { Delivery } from "../../src/server/broker/work-queues.js";
import { createVhost } from "../services/vhost.js";
import { EventQueue } from "./event-queue.js";
import { message, task } from "./messages.js";
import { openSpy, startBroker } from "./rabbitmq-testbed.js";

const large = JSON.stringify({ text: "Grüße aus München. ".repeat(500) });

it("Instances that compress and ones that do not understand each other, live and in work queues", async () => {
  await using vhost = await createVhost();
  await using squeezing = await startBroker(vhost.url, { config: { compression: true } });
  await using plain = await startBroker(vhost.url, { config: { compression: false } });
  for (const { broker } of [squeezing, plain]) await broker.publish(message(large));
  for (const { live } of [squeezing, plain]) expect(await live.messages.take(2)).toEqual([large, large]);
  for (const { broker } of [squeezing, plain]) {
    const deliveries = new EventQueue<string>();
    const handler = async ({ body }: Delivery) => deliveries.push(body.toString());
    const consumer = broker.consume("notification.new", handler, { prefetch: 1, maxAttempts: 1 });
    expect(await deliveries.next()).toBe(large);
    await consumer.stop();
    if (broker === squeezing.broker) await broker.publish(message(large));
  }
});

it("A large message travels compressed and says so, a small one as it is, also one that is tried again", async () => {
  await using vhost = await createVhost();
  const options = { config: { compression: true }, limits: { retryDelays: [30_000] } };
  await using process = await startBroker(vhost.url, options);
  await using spy = await openSpy(vhost.url);
  await process.broker.publish(message("small"));
  const small = await spy.take("notification.new");
  expect(small.properties.contentEncoding).toBeUndefined();
  expect(small.content.toString()).toBe("small");
  await process.broker.publish(message(large));
  const squeezed = await spy.take("notification.new");
  expect(squeezed.properties.contentEncoding).toBe("br");
  expect(squeezed.content.length).toBeLessThan(large.length / 10);

  await process.broker.enqueue("notification.task.a", task(large));
  process.broker.consume("notification.task.a", () => Promise.reject(new Error("no")), {
    prefetch: 1,
    maxAttempts: 2,
  });
  const retry = await spy.take("notification.retry.30s");
  expect(retry.properties.contentEncoding).toBe("br");
  expect(retry.content).toEqual(squeezed.content);
});

it("What cannot be decompressed is a dead letter, as it came, and harms nobody", async () => {
  await using vhost = await createVhost();
  await using process = await startBroker(vhost.url);
  await using spy = await openSpy(vhost.url);
  const bomb = brotliCompressSync(Buffer.alloc(64 * 1024 * 1024));
  const handled = new EventQueue<string>();
  const deadLetters = new EventQueue<{ reason: string; bytes: number }>();
  process.broker.consume("notification.new", async ({ body }) => handled.push(body.toString()), {
    prefetch: 5,
    maxAttempts: 3,
  });
  process.broker.consumeDeadLetters(
    async ({ reason, body }) => deadLetters.push({ reason, bytes: body.length }),
    { prefetch: 5 },
  );
  for (const [content, contentEncoding] of [
    [Buffer.from("garbage"), "br"],
    [Buffer.from("what"), "zstd"],
    [bomb, "br"],
  ] as const) {
    spy.channel.publish("notification.events", "notification.new", content, {
      contentEncoding,
      CC: ["notification.live"],
    });
    expect(await deadLetters.next()).toEqual({ reason: "POISONED", bytes: content.length });
    // The live listener gets the message unchanged; it ignores messages that it cannot read.
    await process.live.messages.next();
  }
  await process.broker.publish(message(large));
  expect(await handled.next()).toBe(large);
});
