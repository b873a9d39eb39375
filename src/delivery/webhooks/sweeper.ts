import type { Database } from "../../database/database.js";
import { type Periodic, periodically } from "../../live/periodically.js";
import type { Log } from "../../telemetry/log.js";
import { trimAttempts } from "./attempts.js";

const batch = 500;

/** Trims the attempts of webhooks to `retention` ms, in batches between which others get their turn. */
export function trimWebhookAttempts(database: Database, retention: number, log: Log): Periodic {
  return periodically("the trimming of webhook attempts", log, async () => {
    const trimmed = await trimAttempts(database, retention, batch);
    return trimmed === batch ? 20 : Math.min(60_000, retention / 4);
  });
}
