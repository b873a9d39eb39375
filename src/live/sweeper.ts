import type { Database } from "../database/database.js";
import { trimEvents } from "../notifications/event-log.js";
import type { OnCommitted } from "../notifications/service.js";
import { purgeExpired, purgeIdempotencyKeys } from "../notifications/sweep.js";
import type { Log } from "../telemetry/log.js";
import { type Periodic, periodically } from "./periodically.js";

/** Milliseconds between two sweeps that find little. */
const interval = 1000;
const batch = 500;

/** Purges what has expired, from every instance: they pass over what another one is sweeping. */
export function sweepExpired(database: Database, onCommitted: OnCommitted, log: Log): Periodic {
  return periodically("the sweeper", log, async () => {
    const events = await purgeExpired(database, batch);
    onCommitted(events);
    return events.length > 0 ? 0 : interval;
  });
}

/** Forgets idempotency keys after their time. */
export function sweepIdempotencyKeys(database: Database, log: Log): Periodic {
  return periodically("the sweeper of idempotency keys", log, async () => {
    const purged = await purgeIdempotencyKeys(database, batch);
    return purged === batch ? 0 : 60_000;
  });
}

/** Trims the event log to `retention` ms, in batches between which others get their turn. */
export function trimEventLog(database: Database, retention: number, log: Log): Periodic {
  return periodically("the trimming of the event log", log, async () => {
    const trimmed = await trimEvents(database, retention, batch);
    return trimmed === batch ? 20 : Math.min(60_000, retention / 4);
  });
}
