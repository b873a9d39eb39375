import { expect, it } from "vitest";
import { userKey } from "../../src/server/broker/rabbitmq/topology.js";
import { createVhost } from "../services/vhost.js";
import { message } from "./messages.js";
import { openSpy, startBroker } from "./rabbitmq-testbed.js";

const user = { config: { liveRouting: "user" } } as const;

it("Two processes both hear what either of them publishes", async () => {
  await using vhost = await createVhost();
  await using one = await startBroker(vhost.url);
  await using other = await startBroker(vhost.url);
  await one.broker.publish(message("from one"));
  expect([await one.live.messages.next(), await other.live.messages.next()]).toEqual([
    "from one",
    "from one",
  ]);
  await other.broker.publish(message("from the other"));
  expect([await one.live.messages.next(), await other.live.messages.next()]).toEqual([
    "from the other",
    "from the other",
  ]);
});

it("Garbage on the exchange reaches the listener as bytes, and what follows it arrives", async () => {
  await using vhost = await createVhost();
  await using process = await startBroker(vhost.url);
  await using spy = await openSpy(vhost.url);
  for (const garbage of ['{"cut off', "null", "", "\u0000\u0001"]) {
    spy.channel.publish("notification.events", "notification.live", Buffer.from(garbage));
  }
  expect(await process.live.messages.take(4)).toEqual(['{"cut off', "null", "", "\u0000\u0001"]);
  await process.broker.publish(message("well formed"));
  expect(await process.live.messages.next()).toBe("well formed");
  expect(process.live.states.size).toBe(0);
});

it("With LIVE_ROUTING=user, a process receives only the events of the users that it watches", async () => {
  await using vhost = await createVhost();
  await using ada = await startBroker(vhost.url, user);
  await using grace = await startBroker(vhost.url, user);
  await ada.broker.watch("ada");
  await grace.broker.watch("grace");
  await ada.broker.publish(message("to Grace", { userId: "grace" }));
  await ada.broker.publish(message("to Ada", { userId: "ada" }));
  expect(await ada.live.messages.next()).toBe("to Ada");
  expect(await grace.live.messages.next()).toBe("to Grace");
  expect([ada.live.messages.size, grace.live.messages.size]).toEqual([0, 0]);
});

it("With LIVE_ROUTING=user, ids of 128 emoji are watched and distinguished", async () => {
  await using vhost = await createVhost();
  await using process = await startBroker(vhost.url, user);
  const bells = "🔔".repeat(128);
  await process.broker.watch(bells);
  await process.broker.publish(message("to another", { userId: `${"🔔".repeat(127)}🔕` }));
  await process.broker.publish(message("to the bells", { userId: bells }));
  expect(await process.live.messages.next()).toBe("to the bells");
});

it("With LIVE_ROUTING=user, watching twice is watching once, and watching again after the end works", async () => {
  await using vhost = await createVhost();
  await using process = await startBroker(vhost.url, user);
  await Promise.all([process.broker.watch("ada"), process.broker.watch("ada")]);
  await process.broker.publish(message("once"));
  expect(await process.live.messages.next()).toBe("once");
  process.broker.unwatch("ada");
  process.broker.unwatch("ada");
  await process.broker.watch("ada");
  await process.broker.publish(message("again"));
  expect(await process.live.messages.next()).toBe("again");
  expect(process.live.messages.size).toBe(0);
});

it("With LIVE_ROUTING=user, a watch that ends before it began leaves nothing behind", async () => {
  await using vhost = await createVhost();
  await using process = await startBroker(vhost.url, user);
  const watching = process.broker.watch("ada");
  process.broker.unwatch("ada");
  await watching;
  await process.broker.watch("grace");
  await process.broker.publish(message("to Ada", { userId: "ada" }));
  await process.broker.publish(message("to Grace", { userId: "grace" }));
  expect(await process.live.messages.next()).toBe("to Grace");
  expect(process.live.states.size).toBe(0);
});

it("With LIVE_ROUTING=user, 300 users are watched at once", async () => {
  await using vhost = await createVhost();
  await using process = await startBroker(vhost.url, user);
  const users = Array.from({ length: 300 }, (_, index) => `user ${index}`);
  await Promise.all(users.map((userId) => process.broker.watch(userId)));
  await Promise.all(users.map((userId) => process.broker.publish(message(userId, { userId }))));
  expect((await process.live.messages.take(300)).sort()).toEqual(users.sort());
});

it("A user's routing key fits into 255 bytes, and contains the id if it is short enough", () => {
  expect(userKey("ada")).toBe("user.ada");
  expect(userKey("a".repeat(250))).toBe(`user.${"a".repeat(250)}`);
  expect(userKey("a".repeat(251))).toMatch(/^user\.sha256-[\w-]{43}$/);
  expect(userKey("🔔".repeat(128))).not.toBe(userKey("🔕".repeat(128)));
});
