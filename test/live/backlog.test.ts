import { expect, it } from "vitest";
import { openPostgresDatabase } from "../../src/server/database/postgres-database.js";
import { createLog } from "../../src/server/telemetry/log.js";
import { readMetrics } from "../faults/metrics.js";
import { token } from "../kit/app.js";
import { notify } from "../kit/backend.js";
import { openCluster } from "../kit/cluster.js";
import { titlesOf } from "../kit/items.js";
import { subscribe } from "../kit/subscriber.js";
import { waitUntil } from "../services/wait-until.js";
import { countUnpublished, fillBacklog } from "./backlog.js";

/** BACKLOG_EVENTS=1000000 makes it as large as the promise. */
const events = Number(process.env["BACKLOG_EVENTS"] ?? 30_000);

/** Bytes by which a relay's process may grow while it works off a backlog of any size. */
const memoryBound = 150 * 2 ** 20;

const timeout = 60_000 + events;

it(
  "a backlog is worked off by two relays, each event once, while a new event overtakes it",
  async () => {
    await using cluster = await openCluster();
    await (await openPostgresDatabase(cluster.databaseUrl, 1, createLog("silent")))[Symbol.asyncDispose]();
    await fillBacklog(cluster.databaseUrl, events);

    const begin = performance.now();
    const instances = await Promise.all([cluster.start(), cluster.start()]);
    const [a, b] = instances;
    const relayed = async (): Promise<number[]> =>
      Promise.all(instances.map(async ({ url }) => (await readMetrics(url)).relayed));
    let memory = 0;
    let least = Infinity;
    async function isDone(): Promise<boolean> {
      for (const { url } of instances) {
        const metrics = await readMetrics(url);
        memory = Math.max(memory, metrics.memory);
        least = Math.min(least, metrics.memory);
      }
      return (await countUnpublished(cluster.databaseUrl)) === 0;
    }

    await using tab = subscribe(b.url, await token("alice"), { userId: "alice" });
    await tab.until(1, "InboxReady");
    await waitUntil("Both relays' first batch", async () => (await relayed()).every((count) => count > 0));
    for (const n of [1, 2, 3]) await notify(a.url, "alice", `new ${n}`);
    await tab.until(3, "NotificationCreated");
    const overtaken = events - (await relayed()).reduce((sum, count) => sum + count, 0);
    expect(overtaken).toBeGreaterThan(0);
    expect(titlesOf(tab.received)).toEqual(["new 1", "new 2", "new 3"]);

    await waitUntil("Working off the backlog", isDone, { timeout, interval: 250 });
    const seconds = (performance.now() - begin) / 1000;
    const shares = await relayed();
    process.stdout.write(
      `a backlog of ${events} events: ${seconds.toFixed(1)} s, shared ${shares.join(" and ")}, ` +
        `new events overtook ${overtaken}, memory ${inMiB(least)} to ${inMiB(memory)}\n`,
    );
    const metrics = await Promise.all(instances.map(({ url }) => readMetrics(url)));
    // Once each, and those three, which their own instance published.
    expect(metrics.reduce((sum, { published }) => sum + published, 0)).toBe(events + 3);
    expect(shares.reduce((sum, count) => sum + count, 0)).toBe(events);
    expect(memory - least).toBeLessThan(memoryBound);
  },
  timeout,
);

function inMiB(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
