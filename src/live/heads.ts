import type { Database } from "../database/database.js";
import { readHeads } from "../notifications/event-log.js";
import type { Log } from "../telemetry/log.js";
import type { Hub } from "./hub.js";
import { type Periodic, periodically } from "./periodically.js";

export interface HeadIntervals {
  /** Milliseconds between two comparisons while events come by the broker: finds what it lost. */
  readonly calm: number;
  /** The same while they do not: then this is what makes events arrive. */
  readonly outage: number;
}

export interface HeadOptions {
  readonly database: Database;
  readonly hub: Hub;
  /** Whether the broker takes events and brings them. One that only brings them, as under an alarm, brings nothing new. */
  readonly isFlowing: () => boolean;
  readonly intervals: HeadIntervals;
  readonly log: Log;
}

/** How many users one query asks for. */
const batch = 1000;

/**
 * Asks the log for the heads of the streams of all users who are connected here, and tells their feeds: who is behind reads
 * on. Wake it when live delivery stops or works again; other trouble it notices by itself within `outage` ms.
 */
export function compareHeads({ database, hub, isFlowing, intervals, log }: HeadOptions): Periodic {
  let calmUntil = 0;
  const loop = periodically("the comparison of heads", log, async (signal) => {
    if (isFlowing() && performance.now() < calmUntil) return intervals.outage;
    const { users } = hub;
    for (let start = 0; start < users.length && !signal.aborted; start += batch) {
      const heads = await readHeads(database, users.slice(start, start + batch));
      for (const { userId, ...head } of heads) hub.compareHead(userId, head);
    }
    calmUntil = isFlowing() ? performance.now() + intervals.calm * (0.9 + Math.random() * 0.2) : 0;
    return intervals.outage;
  });
  return {
    wake() {
      calmUntil = 0;
      loop.wake();
    },
    stop: () => loop.stop(),
  };
}
