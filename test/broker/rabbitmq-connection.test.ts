import { connect } from "amqplib";
import { pino } from "pino";
import { expect, it } from "vitest";
import { BrokerTopologyError } from "../../src/server/broker/errors.js";
import { closeChannel } from "../../src/server/broker/rabbitmq/close-channel.js";
import { openCutProxy } from "../services/cut-proxy.js";
import { freePort } from "../services/free-port.js";
import { createVhost } from "../services/vhost.js";
import { waitUntil } from "../services/wait-until.js";
import { message } from "./messages.js";
import { openBroker, openSpy, startBroker } from "./rabbitmq-testbed.js";

async function deadUrl(): Promise<string> {
  return `amqp://guest:guest@127.0.0.1:${await freePort()}`;
}

it("The next URL of a list is tried when the first is dead", async () => {
  await using vhost = await createVhost();
  await using process = await startBroker(vhost.url, { config: { urls: [await deadUrl(), vhost.url] } });
  expect(process.broker.health()).toMatchObject({ healthy: true, lastError: null });
  await process.broker.publish(message("found"));
  expect(await process.live.messages.next()).toBe("found");
});

it("Starting resolves though no broker answers, and the broker says why", async () => {
  await using process = openBroker(await deadUrl());
  await process.broker.start();
  const health = process.broker.health();
  expect(health).toMatchObject({ healthy: false, exhausted: false, publishing: "connecting" });
  expect(health.lastError).toContain("ECONNREFUSED");
  await expect(process.broker.publish(message("nowhere"))).rejects.toThrow("not connected to RabbitMQ");
  expect(process.live.states.size).toBe(0);
});

it("It connects by itself once a broker answers, and then tells the listener", async () => {
  await using vhost = await createVhost();
  await using proxy = await openCutProxy(vhost.url);
  proxy.cut();
  await using process = openBroker(proxy.url, { config: { liveRouting: "user" } });
  await process.broker.start();
  await expect(process.broker.watch("ada")).rejects.toThrow("not connected to RabbitMQ");
  proxy.heal();
  expect(await process.live.states.next()).toBe("resumed");
  await process.healthy();
  await process.broker.publish(message("to Ada", { userId: "ada" }));
  expect(await process.live.messages.next()).toBe("to Ada");
});

it("It says that it is exhausted after the most attempts in a row", async () => {
  await using process = openBroker(await deadUrl(), {
    config: { maxReconnectAttempts: 2, reconnectInterval: 5 },
  });
  await process.broker.start();
  await waitUntil("Giving up", () => process.broker.health().consuming === "failed", { interval: 5 });
  expect(process.broker.health()).toMatchObject({ healthy: false, exhausted: true });
});

it("It is well again when the broker comes back after all, though nobody restarted it", async () => {
  await using vhost = await createVhost();
  await using proxy = await openCutProxy(vhost.url);
  proxy.cut();
  await using process = openBroker(proxy.url, { config: { maxReconnectAttempts: 2, reconnectInterval: 5 } });
  await process.broker.start();
  await waitUntil("Being exhausted", () => process.broker.health().exhausted, { interval: 5 });
  proxy.heal();
  await process.healthy();
  expect(process.broker.health()).toMatchObject({ healthy: true, exhausted: false, lastError: null });
});

it("It closes at once while it waits to reconnect, and while a broker accepts and says nothing", async () => {
  await using waiting = openBroker(await deadUrl(), { config: { reconnectInterval: 600_000 } });
  await waiting.broker.start();
  await waiting.broker[Symbol.asyncDispose]();
  await using vhost = await createVhost();
  await using proxy = await openCutProxy(vhost.url);
  proxy.freeze();
  await using stuck = openBroker(proxy.url, { config: { connectionTimeout: 600_000 } });
  const starting = stuck.broker.start();
  await waitUntil("Connecting", () => proxy.connections === 2, { interval: 5 });
  await stuck.broker[Symbol.asyncDispose]();
  await starting;
  expect(stuck.broker.health().publishing).toBe("closed");
});

it("A broker that accepts and says nothing is given up after the connection timeout", async () => {
  await using vhost = await createVhost();
  await using proxy = await openCutProxy(vhost.url);
  proxy.freeze();
  await using process = openBroker(vhost.url, {
    config: { urls: [proxy.url, vhost.url], connectionTimeout: 200 },
  });
  await process.broker.start();
  expect(process.broker.health().healthy).toBe(true);
});

it("A half-open connection is noticed by its missing heartbeats, and replaced", async () => {
  await using vhost = await createVhost();
  await using proxy = await openCutProxy(vhost.url);
  const config = { urls: [proxy.url, vhost.url], heartbeatSeconds: 1, connectionTimeout: 500 };
  await using process = await startBroker(vhost.url, { config });
  proxy.freeze();
  expect(await process.live.states.next()).toBe("interrupted");
  expect(await process.live.states.next()).toBe("resumed");
  await process.healthy();
  await process.broker.publish(message("around the hole"));
  expect(await process.live.messages.next()).toBe("around the hole");
});

it("A queue that stands with other arguments fails the start, with a line that says what to do", async () => {
  await using vhost = await createVhost();
  await using spy = await openSpy(vhost.url);
  await spy.channel.assertQueue("notification.read", { durable: true });
  await using process = openBroker(vhost.url);
  const failure: unknown = await process.broker.start().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(BrokerTopologyError);
  expect(String(failure)).toMatch(
    /^[^\n]*queue notification\.read [^\n]*delete_queue notification\.read[^\n]*$/,
  );
  expect(process.broker.health()).toMatchObject({ publishing: "closed", consuming: "closed" });
});

it("An exchange of another type fails the start too", async () => {
  await using vhost = await createVhost();
  await using spy = await openSpy(vhost.url);
  await spy.channel.assertExchange("notification.events", "topic");
  await using process = openBroker(vhost.url);
  await expect(process.broker.start()).rejects.toThrow(/exchange notification\.events/);
});

it("Neither logs nor health ever show a password", async () => {
  await using vhost = await createVhost();
  const lines: string[] = [];
  const log = pino({ level: "trace" }, { write: (line: string) => void lines.push(line) });
  const wrong = new URL(vhost.url);
  wrong.password = "hunter2";
  await using process = openBroker(wrong.href, {
    log,
    config: { urls: [wrong.href, "amqp://u:hunter2@127.0.0.1:1"] },
  });
  const failure: unknown = await process.broker.start().catch((error: unknown) => error);
  const health = process.broker.health();
  await process.broker[Symbol.asyncDispose]();
  expect(lines.join("")).toContain("ACCESS_REFUSED");
  expect(lines.join("") + JSON.stringify(health) + String(failure)).not.toContain("hunter2");
});

it("Closing a channel ends when its connection is lost before the broker answers", async () => {
  await using vhost = await createVhost();
  await using proxy = await openCutProxy(vhost.url);
  const model = await connect(proxy.url);
  model.on("error", () => {});
  const channel = await model.createChannel();
  proxy.freeze();
  const closing = closeChannel(channel);
  proxy.cut();
  await closing;
});
