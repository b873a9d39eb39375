import { expect, it } from "vitest";
import { BrokerUnavailableError } from "../../src/server/broker/errors.js";
import { openCutProxy } from "../services/cut-proxy.js";
import { createVhost } from "../services/vhost.js";
import { waitUntil } from "../services/wait-until.js";
import { message } from "./messages.js";
import { openSpy, startBroker } from "./rabbitmq-testbed.js";

it("A message carries its id, type, time, priority and kind of content, and is persistent", async () => {
  await using vhost = await createVhost();
  await using process = await startBroker(vhost.url);
  await using spy = await openSpy(vhost.url);
  const sent = message("{}", { priority: 7, userId: "ada" });
  await process.broker.publish(sent);
  const { properties, content } = await spy.take("notification.new");
  expect(content.toString()).toBe("{}");
  expect(properties).toMatchObject({
    messageId: sent.id,
    type: "created",
    timestamp: Math.floor(sent.timestamp.getTime() / 1000),
    priority: 7,
    contentType: "application/json",
    deliveryMode: 2,
    headers: { CC: ["notification.live", "user.ada"] },
  });
});

it("Urgent messages overtake those that wait in a classic work queue", async () => {
  await using vhost = await createVhost();
  await using process = await startBroker(vhost.url);
  await using spy = await openSpy(vhost.url);
  await process.broker.publish(message("calm", { priority: 0 }));
  await process.broker.publish(message("urgent", { priority: 9 }));
  expect((await spy.take("notification.new")).content.toString()).toBe("urgent");
  expect((await spy.take("notification.new")).content.toString()).toBe("calm");
});

it("Quorum queues serve as work queues", async () => {
  await using vhost = await createVhost();
  await using process = await startBroker(vhost.url, { config: { queueType: "quorum" } });
  await using spy = await openSpy(vhost.url);
  process.broker.consume("notification.new", () => Promise.reject(new Error("no")), {
    prefetch: 5,
    maxAttempts: 3,
  });
  await process.broker.publish(message("replicated"));
  expect((await spy.take("notification.dead")).content.toString()).toBe("replicated");
});

it("Publishing more at once than the bound allows is refused at once, and the rest goes through", async () => {
  await using vhost = await createVhost();
  await using process = await startBroker(vhost.url, { limits: { unconfirmed: 2 } });
  const attempts = ["first", "second", "third"].map((text) => process.broker.publish(message(text)));
  expect(process.broker.health().unconfirmed).toBe(2);
  await expect(attempts[2]).rejects.toThrow("2 messages are unconfirmed");
  await Promise.all(attempts.slice(0, 2));
  await process.broker.publish(message("later"));
  expect(await process.live.messages.take(3)).toEqual(["first", "second", "later"]);
});

it("A message that is not confirmed in time is refused, keeps its place, and may still arrive", async () => {
  await using vhost = await createVhost();
  await using proxy = await openCutProxy(vhost.url);
  await using process = await startBroker(proxy.url, { limits: { confirmTimeout: 100 } });
  proxy.freeze();
  await expect(process.broker.publish(message("slow"))).rejects.toThrow("not confirmed within 100 ms");
  expect(process.broker.health().unconfirmed).toBe(1);
  proxy.heal();
  expect(await process.live.messages.next()).toBe("slow");
  await waitUntil("The late confirm", () => process.broker.health().unconfirmed === 0, { interval: 20 });
});

it("What is unconfirmed when the line is cut is refused, and what is published then is refused at once", async () => {
  await using vhost = await createVhost();
  await using proxy = await openCutProxy(vhost.url);
  await using process = await startBroker(proxy.url);
  proxy.freeze();
  const unknown = Promise.allSettled([1, 2, 3].map((n) => process.broker.publish(message(`${n}`))));
  proxy.cut();
  for (const outcome of await unknown) {
    expect(outcome.status === "rejected" && outcome.reason).toBeInstanceOf(BrokerUnavailableError);
  }
  await expect(process.broker.publish(message("disconnected"))).rejects.toThrow("not connected to RabbitMQ");
  expect(process.broker.health()).toMatchObject({ healthy: false, unconfirmed: 0 });
  proxy.heal();
  await process.healthy();
  await process.broker.publish(message("connected"));
  expect(await process.live.messages.next()).toBe("connected");
});

it("Closing waits for pending confirms", async () => {
  await using vhost = await createVhost();
  await using process = await startBroker(vhost.url);
  const published = Array.from({ length: 200 }, (_, n) => process.broker.publish(message(`${n}`)));
  await process.broker[Symbol.asyncDispose]();
  const outcomes = await Promise.allSettled(published);
  expect(outcomes.every(({ status }) => status === "fulfilled")).toBe(true);
});

it("A channel that an operator's mistake closes is opened again, and its exchange declared", async () => {
  await using vhost = await createVhost();
  await using process = await startBroker(vhost.url);
  await using spy = await openSpy(vhost.url);
  await spy.channel.deleteExchange("notification.events");
  await expect(process.broker.publish(message("nowhere"))).rejects.toThrow(BrokerUnavailableError);
  await process.healthy();
  await process.broker.publish(message("home again"));
  expect((await spy.take("notification.new")).content.toString()).toBe("home again");
});

it("A message that no queue takes is refused, and the queues are declared again", async () => {
  await using vhost = await createVhost();
  await using process = await startBroker(vhost.url, { config: { liveRouting: "user" } });
  await using spy = await openSpy(vhost.url);
  await spy.channel.deleteQueue("notification.new");
  await expect(process.broker.publish(message("lost"))).rejects.toThrow("no queue is bound");
  await waitUntil("Publishing again", () =>
    process.broker.publish(message("kept")).then(
      () => true,
      () => false,
    ),
  );
  expect((await spy.take("notification.new")).content.toString()).toBe("kept");
});

it("A message that cannot be encoded is refused alone", async () => {
  await using vhost = await createVhost();
  await using process = await startBroker(vhost.url);
  await expect(process.broker.publish(message("too long", { id: "x".repeat(256) }))).rejects.toThrow();
  await process.broker.publish(message("fine"));
  expect(await process.live.messages.next()).toBe("fine");
  expect(process.broker.health().unconfirmed).toBe(0);
});
