import type { Database } from "../database/database.js";
import { purgeEvents } from "../notifications/event-log.js";
import { purgeExpired, purgeIdempotencyKeys } from "../notifications/purge.js";
import type { OnCommitted } from "../notifications/service.js";
import { type PeriodicTask, startPeriodicTask } from "../scheduling/periodic-task.js";
import type { Log } from "../telemetry/log.js";

export interface SweeperOptions {
  readonly database: Database;
  readonly onCommitted: OnCommitted;
  /** How long events stay in the log, ms. */
  readonly eventRetention: number;
  readonly log: Log;
}

/** Milliseconds between two sweeps when nothing is left to purge. */
const intervals = { expired: 1000, idempotencyKeys: 60_000, events: 60_000 };
/** Milliseconds between two batches of events, so that a long purge leaves the database to others. */
const betweenBatches = 20;
const batchSize = 500;

/**
 * Starts the sweepers, which purge old rows in batches. Every instance runs them: each skips the rows that another one has
 * locked.
 */
export function startSweepers(options: SweeperOptions): PeriodicTask[] {
  return [startExpirySweeper(options), startIdempotencyKeySweeper(options), startEventSweeper(options)];
}

function startExpirySweeper({ database, onCommitted, log }: SweeperOptions): PeriodicTask {
  return startPeriodicTask("expiry sweeper", log, async () => {
    const events = await purgeExpired(database, batchSize);
    onCommitted(events);
    return events.length > 0 ? 0 : intervals.expired;
  });
}

function startIdempotencyKeySweeper({ database, log }: SweeperOptions): PeriodicTask {
  return startPeriodicTask("idempotency key sweeper", log, async () => {
    const purged = await purgeIdempotencyKeys(database, batchSize);
    return purged === batchSize ? 0 : intervals.idempotencyKeys;
  });
}

function startEventSweeper({ database, eventRetention, log }: SweeperOptions): PeriodicTask {
  return startPeriodicTask("event sweeper", log, async () => {
    const purged = await purgeEvents(database, eventRetention, batchSize);
    return purged === batchSize ? betweenBatches : Math.min(intervals.events, eventRetention / 4);
  });
}
