import type { Database } from "../database/database.js";
import { readHeads } from "../notifications/event-log.js";
import { type PeriodicTask, startPeriodicTask, withJitter } from "../scheduling/periodic-task.js";
import type { Log } from "../telemetry/log.js";
import type { Hub } from "./hub.js";

export interface HeadPollerIntervals {
  /** Milliseconds between two polls while the broker delivers: finds events that it lost. */
  readonly calm: number;
  /** The same while it does not: then these polls are what delivers events. */
  readonly outage: number;
}

export interface HeadPollerOptions {
  readonly database: Database;
  readonly hub: Hub;
  /** Whether the broker accepts events and delivers them. Under an alarm it delivers, but accepts nothing new. */
  readonly isDelivering: () => boolean;
  readonly intervals: HeadPollerIntervals;
  readonly log: Log;
}

/** The number of users in one query. */
const batchSize = 1000;

/**
 * Reads from the log the heads of the streams of all connected users, and tells their feeds: those that are behind catch
 * up. Polls at once when it is woken and when the hub's state changes, and detects any other outage within `outage` ms.
 */
export function startHeadPoller(options: HeadPollerOptions): PeriodicTask {
  const { database, hub, isDelivering, intervals, log } = options;
  let calmUntil = 0;
  const loop = startPeriodicTask("head poller", log, async (signal) => {
    if (isDelivering() && performance.now() < calmUntil) return intervals.outage;
    const { users } = hub;
    for (let start = 0; start < users.length && !signal.aborted; start += batchSize) {
      const heads = await readHeads(database, users.slice(start, start + batchSize));
      for (const { userId, ...head } of heads) hub.compareHead(userId, head);
    }
    calmUntil = isDelivering() ? performance.now() + withJitter(intervals.calm) : 0;
    return intervals.outage;
  });
  function wake(): void {
    calmUntil = 0;
    loop.wake();
  }
  hub.onStateChange(wake);
  return { wake, stop: () => loop.stop() };
}
