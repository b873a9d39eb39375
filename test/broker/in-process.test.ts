import { expect, it } from "vitest";
import type { Delivery } from "../../src/broker/broker.js";
import { InProcessBroker } from "../../src/broker/in-process/in-process-broker.js";
import { InProcessWorkQueue } from "../../src/broker/in-process/work-queue.js";
import { createLog } from "../../src/telemetry/log.js";
import { describeBroker } from "./contract.js";
import { EventQueue } from "./event-queue.js";
import { message } from "./messages.js";

describeBroker("The in-process broker", async () => new InProcessBroker(createLog("silent")));

it("The in-process broker keeps nothing for a work queue that no one has ever consumed", async () => {
  await using broker = new InProcessBroker(createLog("silent"));
  const delivered = new EventQueue<string>();
  broker.listen({ message: () => delivered.push("live"), interrupted() {}, resumed() {} });
  await broker.start();
  await broker.publish(message("for nobody"));
  await delivered.next();
  broker.consume("notification.new", async ({ body }) => delivered.push(body.toString()), { prefetch: 1 });
  await broker.publish(message("for somebody"));
  expect(await delivered.take(2)).toEqual(["live", "for somebody"]);
});

it("A work queue in memory drops its oldest message when it is over its bound", async () => {
  const dropped: string[] = [];
  const queue = new InProcessWorkQueue(2, {
    overflowed: ({ id }) => dropped.push(id),
    rejected() {},
  });
  for (const id of ["1", "2", "3"]) queue.add(delivery(id));
  expect(dropped).toEqual(["1"]);
  const handled = new EventQueue<string>();
  queue.consume(async ({ id }) => handled.push(id), { prefetch: 1 });
  expect(await handled.take(2)).toEqual(["2", "3"]);
});

function delivery(id: string): Delivery {
  return { id, type: "created", redelivered: false, body: Buffer.from(id) };
}
