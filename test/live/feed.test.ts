import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { InProcessBroker } from "../../src/server/broker/in-process/in-process-broker.js";
import type { Database } from "../../src/server/database/database.js";
import { renewEpoch } from "../../src/server/database/epoch.js";
import { Feed, type FeedItem, type FeedLimits, type FeedStart } from "../../src/server/live/feed.js";
import { Hub } from "../../src/server/live/hub.js";
import { LogReader } from "../../src/server/live/log-reader.js";
import { encodeEvent } from "../../src/server/live/event-encoding.js";
import type { NotificationEvent } from "../../src/server/notifications/event.js";
import { createLog } from "../../src/server/telemetry/log.js";
import { openOnServer, type OpenedOnServer } from "../kit/databases.js";
import { Domain, newUser, toUser } from "../kit/domain.js";
import { upTo } from "../kit/items.js";
import { waitUntil } from "../services/wait-until.js";

const plenty: FeedLimits = { maxEvents: 1000, maxBytes: 2 ** 24, stallTimeout: 60_000 };

/** A hub and a real log, where the test decides what the broker brings. */
class Bench {
  readonly hub = new Hub(new InProcessBroker(createLog("silent")), createLog("silent"));
  readonly domain: Domain;
  readonly userId = newUser();
  stalls = 0;
  readonly #log: LogReader;

  constructor(database: Database) {
    this.domain = new Domain(database);
    this.#log = new LogReader(database);
  }

  open(start: FeedStart = "now", limits: Partial<FeedLimits> = {}): Promise<Feed> {
    return Feed.open({
      userId: this.userId,
      start,
      hub: this.hub,
      log: this.#log,
      limits: { ...plenty, ...limits },
      onStalled: () => {
        this.stalls += 1;
      },
    });
  }

  /** Commits `count` events, and lets the broker deliver them. */
  async createAndBring(count: number, data: unknown = null): Promise<void> {
    const before = this.domain.committed.length;
    await this.domain.createAll(Array.from({ length: count }, () => toUser(this.userId, { data })));
    for (const event of this.domain.committed.slice(before)) this.bring(event);
  }

  bring(event: NotificationEvent): void {
    this.hub.message(encodeEvent(event).body);
  }
}

async function take(feed: Feed, count: number): Promise<FeedItem[]> {
  const items: FeedItem[] = [];
  while (items.length < count) {
    const { value } = await feed.next();
    if (value === undefined) throw new Error("the feed ended");
    items.push(value);
  }
  return items;
}

const inShort = (items: readonly FeedItem[]) => items.map(({ type, sequence }) => `${type} ${sequence}`);
const created = (from: number, to: number) =>
  upTo(to)
    .slice(from - 1)
    .map((n) => `created ${n}`);

describe("a feed", () => {
  let opened: OpenedOnServer;
  beforeAll(async () => {
    opened = await openOnServer();
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  test("keeps what comes for a slow reader up to a number, and beyond takes it from the log", async () => {
    const bench = new Bench(opened.database);
    await using feed = await bench.open("now", { maxEvents: 10 });
    await take(feed, 1);
    await bench.createAndBring(10);
    expect(inShort(await take(feed, 10))).toEqual(created(1, 10));
    expect(bench.hub.counts.caughtUp).toBe(0);

    await bench.createAndBring(250);
    expect(inShort(await take(feed, 250))).toEqual(created(11, 260));
    expect(bench.hub.counts.caughtUp).toBe(250);

    await bench.createAndBring(1);
    expect(inShort(await take(feed, 1))).toEqual(["created 261"]);
    expect(bench.hub.counts.caughtUp).toBe(250);
  });

  test("keeps what comes for a slow reader up to a size, and beyond takes it from the log", async () => {
    const bench = new Bench(opened.database);
    await using feed = await bench.open("now", { maxBytes: 50_000 });
    await take(feed, 1);
    await bench.createAndBring(3, "d".repeat(10_000));
    expect(inShort(await take(feed, 3))).toEqual(created(1, 3));
    expect(bench.hub.counts.caughtUp).toBe(0);
    await bench.createAndBring(5, "d".repeat(10_000));
    expect(inShort(await take(feed, 5))).toEqual(created(4, 8));
    expect(bench.hub.counts.caughtUp).toBe(5);
  });

  test("of a reader that does not read at all costs no more memory, however much comes", async () => {
    const bench = new Bench(opened.database);
    await using feed = await bench.open("now", { maxEvents: 10 });
    await take(feed, 1);
    await bench.createAndBring(1, "d".repeat(10_000));
    const [event] = bench.domain.committed;
    if (event === undefined) throw new Error("no event");
    const before = heapAfterCollection();
    for (let turn = 0; turn < 5000; turn += 1) bench.bring(event);
    expect(heapAfterCollection() - before).toBeLessThan(5 * 2 ** 20);
    expect(inShort(await take(feed, 1))).toEqual(["created 1"]);
  });

  test("says that its reader has stalled when that holds an item too long, and not while it waits for one", async () => {
    const bench = new Bench(opened.database);
    await using feed = await bench.open("now", { stallTimeout: 50 });
    await take(feed, 1);
    await waitUntil("Stalling", () => bench.stalls === 1, { interval: 5 });

    const next = take(feed, 1);
    const begun = performance.now();
    await waitUntil("Waiting for longer", () => performance.now() - begun > 150, { interval: 5 });
    expect(bench.stalls).toBe(1);
    await bench.createAndBring(1);
    expect(inShort(await next)).toEqual(["created 1"]);
  });

  test("fills a hole from the log, and drops repeats", async () => {
    const bench = new Bench(opened.database);
    await using feed = await bench.open();
    await take(feed, 1);
    await bench.domain.createMany(bench.userId, 6);
    const events = bench.domain.committed;
    for (const sequence of [2, 1, 1, 6, 3, 6]) {
      const event = events[sequence - 1];
      if (event !== undefined) bench.bring(event);
    }
    expect(inShort(await take(feed, 6))).toEqual(created(1, 6));
    await bench.createAndBring(1);
    expect(inShort(await take(feed, 1))).toEqual(["created 7"]);
  });

  test("reads on when it is told of a head that it has not seen, and only then", async () => {
    const bench = new Bench(opened.database);
    await using feed = await bench.open();
    await take(feed, 1);
    const next = take(feed, 3);
    await bench.domain.createMany(bench.userId, 3);
    const head = await bench.domain.head(bench.userId);
    bench.hub.compareHead(bench.userId, { ...head, sequence: 0 });
    bench.hub.compareHead(bench.userId, head);
    expect(inShort(await next)).toEqual(created(1, 3));
    const caughtUp = bench.hub.counts.caughtUp;
    bench.hub.compareHead(bench.userId, head);
    await bench.createAndBring(1);
    expect(inShort(await take(feed, 1))).toEqual(["created 4"]);
    expect(bench.hub.counts.caughtUp).toBe(caughtUp);
  });

  test("is reset when the log begins a new epoch while it is open, and continues live", async () => {
    const bench = new Bench(opened.database);
    await bench.domain.createMany(bench.userId, 2);
    await using feed = await bench.open();
    expect(inShort(await take(feed, 1))).toEqual(["ready 2"]);
    await renewEpoch(opened.database);
    await bench.createAndBring(1);
    expect(inShort(await take(feed, 1))).toEqual(["reset 3"]);
    await bench.createAndBring(1);
    expect(inShort(await take(feed, 1))).toEqual(["created 4"]);
  });

  test("ends when it is returned while it waits, for an event or for the log", async () => {
    const bench = new Bench(opened.database);
    const feed = await bench.open();
    const reading = feed.next();
    await feed.return();
    expect(await reading).toEqual({ done: true, value: undefined });

    const other = await bench.open();
    await take(other, 1);
    const waiting = other.next();
    await other.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await other.next()).toEqual({ done: true, value: undefined });
    await other.return();
    expect(bench.hub.users).toEqual([]);
  });

  test("leaves no listener, queue or timer behind in 10,000 rounds", async () => {
    const bench = new Bench(opened.database);
    await bench.domain.createMany(bench.userId, 1);
    const { epoch } = await bench.domain.head(bench.userId);
    async function round(turn: number): Promise<void> {
      const feed = await bench.open(turn % 2 === 0 ? "now" : { epoch, sequence: 0 });
      await take(feed, 1);
      if (turn % 3 === 0) void feed.next();
      await feed.return();
    }
    const rounds = async (count: number) => {
      for (let turn = 0; turn < count; turn += 100) {
        await Promise.all(Array.from({ length: 100 }, (_, index) => round(turn + index)));
      }
    };
    await rounds(2000);
    const heap = heapAfterCollection();
    const timers = timerCount();
    await rounds(10_000);
    expect(bench.hub.users).toEqual([]);
    expect(bench.hub.subscriptions).toBe(0);
    expect(timerCount()).toBeLessThanOrEqual(timers + 5);
    expect((heapAfterCollection() - heap) / 10_000).toBeLessThan(300);
  });
});

function timerCount(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
}

/** Bytes in use. The collector is switched on as `node --expose-gc` does it. */
function heapAfterCollection(): number {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") throw new Error("the collector cannot be called");
  Reflect.apply(collect, undefined, []);
  return process.memoryUsage().heapUsed;
}
