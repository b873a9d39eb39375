import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { token } from "../kit/app.js";
import { inboxOf, markRead, notify } from "../kit/backend.js";
import { type Cluster, openCluster } from "../kit/cluster.js";
import type { Instance } from "../kit/instance.js";
import { inWords, sequencesOf, titlesOf, upTo } from "../kit/items.js";
import { subscribe, type Subscriber } from "../kit/subscriber.js";

/** Well below the time (15 s) after which the comparison of heads would find what the broker did not bring. */
const soon = 5000;

describe.each([
  { routing: "instance", queueType: "classic" },
  { routing: "user", queueType: "classic" },
  { routing: "instance", queueType: "quorum" },
  { routing: "user", queueType: "quorum" },
])("two instances, with LIVE_ROUTING=$routing and $queueType queues", ({ routing, queueType }) => {
  let cluster: Cluster;
  let a: Instance;
  let b: Instance;

  beforeAll(async () => {
    cluster = await openCluster({ LIVE_ROUTING: routing, RABBITMQ_QUEUE_TYPE: queueType });
    [a, b] = await Promise.all([cluster.start(), cluster.start()]);
  });
  afterAll(async () => cluster[Symbol.asyncDispose]());

  /** A tab of this user on this instance, once it is live. */
  async function openTab(instance: Instance, userId: string, after?: string): Promise<Subscriber> {
    const tab = subscribe(instance.url, await token(userId), {
      userId,
      ...(after !== undefined && { after }),
    });
    await tab.until(1, "InboxReady");
    return tab;
  }

  it("each user receives their own events on either instance, and no others", async () => {
    const begin = performance.now();
    await using alice = await openTab(a, "alice");
    await using bob = await openTab(b, "bob");
    await using carolOnA = await openTab(a, "carol");
    await using carolOnB = await openTab(b, "carol");

    await notify(a.url, "alice", "Your parcel is on its way");
    await notify(b.url, "alice", "Your parcel has arrived");
    await notify(a.url, "bob", "Dinner at eight?");
    const first = await notify(b.url, "carol", "Invoice 17");
    await notify(a.url, "carol", "Invoice 18");
    await notify(a.url, "dave", "For someone who is not there");
    await markRead(b.url, "carol", [first]);
    await notify(b.url, "bob", "Bring wine");
    await Promise.all([alice.until(3), bob.until(3), carolOnA.until(4), carolOnB.until(4)]);

    const transcript = [
      ...linesOf("instance A: alice", alice),
      ...linesOf("instance B: bob", bob),
      ...linesOf("instance A: carol", carolOnA),
      ...linesOf("instance B: carol", carolOnB),
    ];
    if (routing === "instance" && queueType === "classic") process.stdout.write(`${transcript.join("\n")}\n`);
    expect(transcript).toEqual([
      "instance A: alice received InboxReady",
      "instance A: alice received 1 NotificationCreated 'Your parcel is on its way'",
      "instance A: alice received 2 NotificationCreated 'Your parcel has arrived'",
      "instance B: bob received InboxReady",
      "instance B: bob received 1 NotificationCreated 'Dinner at eight?'",
      "instance B: bob received 2 NotificationCreated 'Bring wine'",
      ...["instance A: carol", "instance B: carol"].flatMap((who) => [
        `${who} received InboxReady`,
        `${who} received 1 NotificationCreated 'Invoice 17'`,
        `${who} received 2 NotificationCreated 'Invoice 18'`,
        `${who} received 3 NotificationsRead`,
      ]),
    ]);
    for (const [tab, user] of [
      [alice, "alice"],
      [bob, "bob"],
      [carolOnA, "carol"],
    ] as const) {
      expect(new Set(tab.received.map(({ userId }) => userId))).toEqual(new Set([user]));
    }
    expect(performance.now() - begin).toBeLessThan(soon);
  });

  it("what many write at once through both comes in one order, the same on both", async () => {
    await using onA = await openTab(a, "emma");
    await using onB = await openTab(b, "emma");
    const begin = performance.now();
    await Promise.all(upTo(60).map((n) => notify(n % 2 === 0 ? a.url : b.url, "emma", `message ${n}`)));
    await Promise.all([onA.until(61), onB.until(61)]);
    expect(performance.now() - begin).toBeLessThan(soon);

    expect(sequencesOf(onA.received)).toEqual(upTo(60));
    expect(sequencesOf(onB.received)).toEqual(upTo(60));
    const { notifications } = await inboxOf(a.url, "emma");
    const inOrder = notifications.nodes.map(({ title }) => title).toReversed();
    expect(titlesOf(onA.received)).toEqual(inOrder);
    expect(titlesOf(onB.received)).toEqual(inOrder);
  });

  it("what is marked read on one instance is read on the other, and its tabs receive the event", async () => {
    await using onA = await openTab(a, "frank");
    const id = await notify(a.url, "frank", "read me");
    await notify(a.url, "frank", "leave me");
    await markRead(b.url, "frank", [id]);

    const [read] = await onA.until(1, "NotificationsRead");
    expect(read).toMatchObject({ sequence: 3, unreadCount: 1, notificationIds: [id] });
    const { unreadCount, notifications } = await inboxOf(a.url, "frank");
    expect(unreadCount).toBe(1);
    expect(notifications.nodes.map(({ title, readAt }) => [title, readAt !== null])).toEqual([
      ["leave me", false],
      ["read me", true],
    ]);
  });

  it("a subscriber who was on one instance and comes back on the other gets what was missed, once", async () => {
    let cursor: string;
    {
      await using before = await openTab(a, "grace");
      await notify(b.url, "grace", "seen 1");
      await notify(a.url, "grace", "seen 2");
      cursor = (await before.until(3)).at(-1)?.cursor ?? "";
    }
    const missed = await notify(a.url, "grace", "missed 3");
    await notify(b.url, "grace", "missed 4");
    await markRead(a.url, "grace", [missed]);

    await using after = await openTab(b, "grace", cursor);
    await notify(a.url, "grace", "live 6");
    await after.until(5);
    expect(after.received.map(inWords)).toEqual([
      "3 NotificationCreated 'missed 3'",
      "4 NotificationCreated 'missed 4'",
      "5 NotificationsRead",
      "InboxReady",
      "6 NotificationCreated 'live 6'",
    ]);
  });
});

function linesOf(who: string, tab: Subscriber): string[] {
  return tab.received.map((item) => `${who} received ${inWords(item)}`);
}
