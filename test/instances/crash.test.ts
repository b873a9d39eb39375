import { randomUUID } from "node:crypto";
import { expect, it, vi } from "vitest";
import { createResumingClient } from "../../src/client/connection/resuming-client.js";
import { token } from "../kit/app.js";
import { inboxOf, notify } from "../kit/backend.js";
import { openCluster } from "../kit/cluster.js";
import { sequencesOf, titlesOf, upTo } from "../kit/items.js";
import { connectTo, follow, type Subscriber } from "../kit/subscriber.js";

// Several processes start in each test, which takes its time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

/** Milliseconds from the kill until every client has everything. */
const bound = 10_000;

it("clients of an instance that is killed continue with another, and nothing is lost or repeated", async () => {
  await using cluster = await openCluster();
  const [a, b] = await Promise.all([cluster.start(), cluster.start()]);
  const users = upTo(5).map((n) => `user ${n}`);
  const tabs = await Promise.all(users.map((user) => openTab(user, [a.url, b.url])));

  const titles = upTo(40).map((n) => `message ${n}`);
  const writers = users.map((user) => writeAll(user, titles, [a.url, b.url]));
  await Promise.all(tabs.map((tab) => tab.until(8, "NotificationCreated")));
  await a.stop("SIGKILL");
  const begin = performance.now();
  await Promise.all(writers);
  await Promise.all(tabs.map((tab) => tab.until(40, "NotificationCreated")));
  expect(performance.now() - begin).toBeLessThan(bound);

  for (const [index, tab] of tabs.entries()) {
    expect(sequencesOf(tab.received)).toEqual(upTo(40));
    expect(titlesOf(tab.received)).toEqual(titles);
    expect(new Set(tab.received.map(({ userId }) => userId))).toEqual(new Set([users[index]]));
    expect(await inboxOf(b.url, users[index] ?? "")).toMatchObject({ totalCount: 40, unreadCount: 40 });
    // Live again once: two connections, one InboxReady on each.
    expect(tab.received.filter(({ __typename }) => __typename === "InboxReady")).toHaveLength(2);
    await tab[Symbol.asyncDispose]();
  }
});

it("an event whose instance died between commit and publish is published by another", async () => {
  await using cluster = await openCluster();
  const [a, b] = await Promise.all([cluster.start(), cluster.start()]);
  await using tab = await openTab("alice", [b.url]);
  // Nothing is awaited between the answer and the kill, so that some of these die before their publish is confirmed.
  const writing = writeAll("alice", ["first", "second", "third"], [a.url, b.url]);
  const burst = upTo(30).map((n) => notify(a.url, "alice", `burst ${n}`).catch(() => null));
  await Promise.race(burst);
  await a.stop("SIGKILL");
  await writing;
  const acknowledged = (await Promise.all(burst)).filter((id) => id !== null);

  const { totalCount, notifications } = await inboxOf(b.url, "alice");
  await tab.until(totalCount, "NotificationCreated");
  expect(sequencesOf(tab.received)).toEqual(upTo(totalCount));
  expect(titlesOf(tab.received)).toEqual(notifications.nodes.map(({ title }) => title).toReversed());
  expect(notifications.nodes.map(({ id }) => id)).toEqual(expect.arrayContaining(acknowledged));
});

/** A tab that goes from one of these instances to the next each time it loses its connection. */
async function openTab(userId: string, urls: readonly string[]): Promise<Subscriber> {
  let attempts = 0;
  const sockets = await Promise.all(urls.map(async (url) => connectTo(url, await token(userId))));
  const nextUrl = (): string => {
    const { url } = sockets[Math.min(attempts, sockets.length - 1)] ?? {};
    attempts += 1;
    return typeof url === "string" ? url : "";
  };
  const tab = follow(createResumingClient({ ...sockets[0], url: nextUrl }), { userId });
  await tab.until(1, "InboxReady");
  return tab;
}

/** Creates one after the other, each through the first instance that answers: the key makes the repeat safe. */
async function writeAll(userId: string, titles: readonly string[], urls: readonly string[]): Promise<void> {
  for (const title of titles) {
    const idempotencyKey = randomUUID();
    const attempts = urls.map((url) => () => notify(url, userId, title, { idempotencyKey }));
    await firstSuccess(attempts);
  }
}

async function firstSuccess(attempts: readonly (() => Promise<unknown>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const attempt of attempts) {
    try {
      await attempt();
      return;
    } catch (error) {
      errors.push(error);
    }
  }
  throw new AggregateError(errors, "no instance took it");
}
