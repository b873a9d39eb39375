import { expect, it } from "vitest";
import { token } from "../kit/app.js";
import { notifyMany } from "../kit/backend.js";
import { openCluster } from "../kit/cluster.js";
import { sequencesOf, upTo } from "../kit/items.js";
import { RawSubscriber } from "../kit/raw-subscriber.js";
import { waitUntil } from "../services/wait-until.js";
import { readMetrics } from "./metrics.js";

/** More than the system buffers for a socket that nobody reads. */
const events = 2000;
const stalled = 20;

/**
 * Bytes that those who do not read may cost more than as many who do. What the system buffers for each is 4 MB, of 18 MB that
 * are sent: to keep the rest for 20 of them would take 280 MB, and how much a heap has at its greatest varies by 100 MB.
 */
const memoryBound = 160 * 2 ** 20;

it("who reads slowly is cut off or served from the log, in bounded memory, whatever others do, and loses nothing", async () => {
  await using cluster = await openCluster();
  const { url } = await cluster.start({
    LIVE_BUFFER_EVENTS: "20",
    LIVE_BUFFER_BYTES: "65536",
    LIVE_STALL_TIMEOUT: "3000",
    LOG_LEVEL: "warn",
  });
  const bearer = await token("alice");
  const open = async (after: string | null = null): Promise<RawSubscriber> => {
    const subscriber = new RawSubscriber(url, bearer, { userId: "alice", after });
    await subscriber.until(1);
    return subscriber;
  };

  /** Makes all the events. @returns the greatest memory of the instance meanwhile */
  const flood = async (): Promise<number> => {
    let greatest = 0;
    for (let sent = 0; sent < events; sent += inputs.length) {
      await notifyMany(url, inputs);
      greatest = Math.max(greatest, (await readMetrics(url)).memory);
    }
    return greatest;
  };

  // First with as many who read, for comparison.
  let usual = 0;
  {
    const readers = await Promise.all(upTo(stalled + 2).map(() => open()));
    usual = await flood();
    await Promise.all(readers.map((reader) => reader.until(1 + events)));
    for (const reader of readers) await reader[Symbol.asyncDispose]();
  }

  await using reading = await open();
  await using dripping = await open();
  const paused = await Promise.all(upTo(stalled).map(() => open()));
  for (const subscriber of paused) subscriber.stopReading();
  dripping.drip(10);
  const numbers = upTo(events).map((n) => events + n);
  const memory = await flood();
  await reading.until(1 + events);
  const dripped = dripping.received.length;
  expect(sequencesOf(reading.received)).toEqual(numbers);

  // Who drips is not cut off, and comes to everything once it reads faster.
  await waitUntil("Cutting off who does not read", async () => (await readMetrics(url)).subscriptions === 2);
  for (const subscriber of paused) subscriber.read();
  expect(await Promise.all(paused.map(({ closed }) => closed))).toEqual(paused.map(() => 1013));
  dripping.drip(0);
  await dripping.until(1 + events);
  expect(sequencesOf(dripping.received)).toEqual(numbers);

  const had = paused.map(({ received }) => received.length - 1);
  for (const { received } of paused) {
    await using again = await open(received.at(-1)?.cursor ?? null);
    await again.until(2 + events - received.length);
    expect([...sequencesOf(received), ...sequencesOf(again.received)]).toEqual(numbers);
  }
  process.stdout.write(
    `slow subscribers: ${stalled} that stopped reading had ${Math.min(...had)} to ${Math.max(...had)} of ${events} events ` +
      `when they were closed with 1013, one that drips ${dripped} when others had all; memory at most ${mebibytes(memory)}, ` +
      `with as many who read ${mebibytes(usual)}; after their return each has all, once\n`,
  );
  expect(memory - usual).toBeLessThan(memoryBound);
}, 120_000);

const inputs = upTo(100).map((n) => ({
  userId: "alice",
  category: "test",
  title: `${n}`,
  body: "x".repeat(4000),
  data: { more: "y".repeat(5000) },
}));

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
