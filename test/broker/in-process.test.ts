import { expect, it } from "vitest";
import type { DeadLetter } from "../../src/server/broker/work-queues.js";
import { InProcessBroker } from "../../src/server/broker/in-process/in-process-broker.js";
import { MemoryQueue } from "../../src/server/broker/in-process/memory-queue.js";
import { createLog } from "../../src/server/telemetry/log.js";
import { describeBroker } from "./contract.js";
import { EventQueue } from "./event-queue.js";
import { describeFailures, shortDelays } from "./failure-contract.js";
import { message, task } from "./messages.js";

describeBroker("The in-process broker", async () => new InProcessBroker(createLog("silent")));
describeFailures(
  "The in-process broker",
  async () => new InProcessBroker(createLog("silent"), { retryDelays: shortDelays }),
);

it("The in-process broker keeps nothing for a work queue that no one has ever consumed", async () => {
  await using broker = new InProcessBroker(createLog("silent"));
  const delivered = new EventQueue<string>();
  broker.listen({ message: () => delivered.push("live"), interrupted() {}, resumed() {} });
  await broker.start();
  await broker.publish(message("for nobody"));
  await delivered.next();
  broker.consume("notification.new", async ({ body }) => delivered.push(body.toString()), {
    prefetch: 1,
    maxAttempts: 3,
  });
  await broker.publish(message("for somebody"));
  expect(await delivered.take(2)).toEqual(["live", "for somebody"]);
});

it("A queue in memory gives up its oldest item when it is over its bound", async () => {
  const dropped: string[] = [];
  const queue = new MemoryQueue<string>(2, (item) => dropped.push(item));
  for (const item of ["1", "2", "3"]) queue.add(item);
  expect(dropped).toEqual(["1"]);
  const handled = new EventQueue<string>();
  queue.consume(async (item) => handled.push(item), 1);
  expect(await handled.take(2)).toEqual(["2", "3"]);
});

it("The oldest of a full queue in the process becomes a dead letter", async () => {
  await using broker = new InProcessBroker(createLog("silent"), { queueLength: 2 });
  await broker.start();
  for (const text of ["1", "2", "3"]) await broker.enqueue("notification.task.full", task(text));
  const deadLetters = new EventQueue<DeadLetter>();
  broker.consumeDeadLetters(async (deadLetter) => deadLetters.push(deadLetter), { prefetch: 1 });
  const { body, ...deadLetter } = await deadLetters.next();
  expect(body.toString()).toBe("1");
  expect(deadLetter).toMatchObject({
    queue: "notification.task.full",
    reason: "OVERFLOWED",
    attempts: 0,
    error: null,
  });
});
