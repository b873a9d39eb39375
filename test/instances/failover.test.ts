import { expect, it } from "vitest";
import { token } from "../kit/app.js";
import { inboxOf, notify } from "../kit/backend.js";
import { eventually } from "../kit/eventually.js";
import { startInstance } from "../kit/instance.js";
import { sequencesOf, titlesOf, upTo } from "../kit/items.js";
import { subscribe, type Subscriber } from "../kit/subscriber.js";
import { startPostgresPair } from "../services/postgres-pair.js";
import { createVhost } from "../services/vhost.js";

/** Well below the time (15 s) after which the comparison of heads would find it. */
const soon = 10_000;

it("after a failover to a standby that lagged, every client is reset once and receives all that is acknowledged from then on", async () => {
  await using pair = await startPostgresPair();
  await using vhost = await createVhost();
  const environment = { DATABASE_URL: pair.url, RABBITMQ_URL: vhost.url, LOG_LEVEL: "warn" };
  await using a = await startInstance(environment);
  await using b = await startInstance(environment);

  async function open(url: string, userId: string, after: string | null = null): Promise<Subscriber> {
    const tab = subscribe(url, await token(userId), { userId, after });
    await tab.until(1, "InboxReady");
    return tab;
  }

  for (const number of upTo(3)) await notify(a.url, "alice", `before ${number}`);
  await using onA = await open(a.url, "alice");
  await using onB = await open(b.url, "alice");
  // All that bob was ever sent is lost; carol was sent nothing.
  await using bob = await open(b.url, "bob");
  await using carol = await open(b.url, "carol");

  await pair.cutOffStandby();
  for (const number of upTo(5)) await notify(b.url, "alice", `lost ${number}`);
  await notify(b.url, "bob", "lost");
  await Promise.all([onA.until(6), onB.until(6), bob.until(2)]);
  const cursor = onA.received.at(-1)?.cursor ?? null;

  await pair.killPrimary();
  // A standby that accepts no writes, and lags, is not the database.
  expect((await fetch(`${a.url}/health/ready`)).status).toBe(503);
  await pair.promoteStandby();
  const promoted = performance.now();
  const titles = upTo(7).map((number) => `after ${number}`);
  for (const title of titles) await eventually(async () => void (await notify(a.url, "alice", title)));

  // The reset tells those that came before it, for the inbox is read then; the others come as events.
  for (const tab of [onA, onB]) {
    await eventually(() => expect(tab.received.at(-1)?.sequence).toBe(10));
    expect(sequencesOf(tab.received.slice(0, 6))).toEqual([4, 5, 6, 7, 8]);
    const [reset, ...events] = tab.received.slice(6);
    expect(reset?.__typename).toBe("InboxReset");
    expect(sequencesOf(events)).toEqual(upTo(10).slice(reset?.sequence ?? 0));
    expect(titlesOf(events)).toEqual(titles.slice(titles.length - events.length));
  }
  await Promise.all([bob.until(1, "InboxReset"), carol.until(1, "InboxReset")]);
  expect(performance.now() - promoted).toBeLessThan(soon);
  expect(bob.received.at(-1)).toMatchObject({ sequence: 0, unreadCount: 0 });
  const { notifications } = await inboxOf(a.url, "alice");
  expect(notifications.nodes.map(({ title }) => title)).toEqual(
    ["before 1", "before 2", "before 3", ...titles].toReversed(),
  );

  await using resumed = await open(b.url, "alice", cursor);
  expect(resumed.received.map((item) => [item.__typename, item.sequence])).toEqual([
    ["InboxReset", 10],
    ["InboxReady", 10],
  ]);
  await notify(b.url, "alice", "one more");
  for (const tab of [onA, onB, resumed])
    await eventually(() => expect(tab.received.at(-1)?.sequence).toBe(11));
  for (const tab of [onA, onB, bob, carol, resumed]) {
    expect(tab.received.filter(({ __typename }) => __typename === "InboxReset")).toHaveLength(1);
  }

  const lines = (text: string): string[] =>
    [a, b].flatMap((instance) =>
      instance
        .output()
        .split("\n")
        .filter((line) => line.includes(text)),
    );
  await eventually(() => expect(lines("epoch changed: live streams are reset")).toHaveLength(2));
  expect(lines("epoch renewed: the database failed over or was restored")).toHaveLength(1);
});
