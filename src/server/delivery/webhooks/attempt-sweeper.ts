import type { Database } from "../../database/database.js";
import { type PeriodicTask, startPeriodicTask } from "../../scheduling/periodic-task.js";
import type { Log } from "../../telemetry/log.js";
import { purgeAttempts } from "./attempt-store.js";

const batch = 500;

/** Purges attempts that are older than `retention` ms, in batches with pauses in between. */
export function sweepWebhookAttempts(database: Database, retention: number, log: Log): PeriodicTask {
  return startPeriodicTask("webhook attempt sweeper", log, async () => {
    const purged = await purgeAttempts(database, retention, batch);
    return purged === batch ? 20 : Math.min(60_000, retention / 4);
  });
}
