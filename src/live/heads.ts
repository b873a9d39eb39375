import type { Database } from "../database/database.js";
import { readHeads } from "../notifications/event-log.js";
import type { Log } from "../telemetry/log.js";
import type { Hub } from "./hub.js";
import { type Periodic, periodically } from "./periodically.js";

export interface HeadIntervals {
  /** Milliseconds between two comparisons while messages arrive: finds what the broker lost. */
  readonly calm: number;
  /** The same while the broker is away: then this is what makes events arrive. */
  readonly outage: number;
}

/** How many users one query asks for. */
const batch = 1000;

/**
 * Asks the log for the heads of the streams of all users who are connected here, and tells their feeds: who is behind reads
 * on. Wake it when live delivery stops or works again.
 */
export function compareHeads(database: Database, hub: Hub, intervals: HeadIntervals, log: Log): Periodic {
  return periodically("the comparison of heads", log, async (signal) => {
    const { users } = hub;
    for (let start = 0; start < users.length && !signal.aborted; start += batch) {
      const heads = await readHeads(database, users.slice(start, start + batch));
      for (const { userId, ...head } of heads) hub.compareHead(userId, head);
    }
    return hub.live ? intervals.calm : intervals.outage;
  });
}
