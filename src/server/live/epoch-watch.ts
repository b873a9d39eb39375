import { type Database, DatabaseUnavailableError } from "../database/database.js";
import { readEpoch } from "../database/epoch.js";
import { type PeriodicTask, startPeriodicTask } from "../scheduling/periodic-task.js";
import type { Log } from "../telemetry/log.js";

export interface EpochWatchOptions {
  readonly database: Database;
  /** Milliseconds between two reads. */
  readonly interval: number;
  /** The epoch has changed: every stream of this process has to be compared with the log. */
  readonly onChange: () => void;
  readonly log: Log;
}

/**
 * Reads the epoch periodically, so that after a failover or a restore every live stream is reset soon, also for users
 * without new events, on every instance, whichever of them renewed the epoch.
 */
export function startEpochWatch({ database, interval, onChange, log }: EpochWatchOptions): PeriodicTask {
  let known: string | null = null;
  return startPeriodicTask("epoch watch", log, async () => {
    try {
      const epoch = await readEpoch(database);
      if (known !== null && epoch !== known) {
        log.warn({ from: known, to: epoch }, "epoch changed: live streams are reset");
        onChange();
      }
      known = epoch;
    } catch (error) {
      // Other parts log the outage; the next round reads again.
      if (!(error instanceof DatabaseUnavailableError)) throw error;
    }
    return interval;
  });
}
