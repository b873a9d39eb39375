import type { Config } from "../config/config.js";
import type { Log } from "../telemetry/log.js";
import type { Database } from "./database.js";
import { ensureEpochAtStart } from "./epoch.js";
import { openPostgresDatabase } from "./postgres-database.js";
import { explainStartupFailure } from "./startup-check.js";

type DatabaseConfig = Pick<Config, "databaseUrl" | "databasePoolSize" | "dataDirectory">;

/**
 * Connects to the configured database, and migrates it.
 * @throws StartupError when it cannot be used as it is
 */
export async function openDatabase(config: DatabaseConfig, log: Log): Promise<Database> {
  if (config.databaseUrl !== null)
    return await openPostgresDatabase(config.databaseUrl, config.databasePoolSize, log);
  // PGlite is PostgreSQL compiled to WebAssembly: only those who use it should wait for it.
  const { openPgliteDatabase } = await import("./pglite-database.js");
  return await openPgliteDatabase(config.dataDirectory, log);
}

/**
 * Makes sure that the event log has an epoch. It is the first statement that writes.
 * @throws StartupError when the database's user may only read
 */
export async function initializeEpoch(
  database: Database,
  { databaseUrl }: Pick<Config, "databaseUrl">,
  log: Log,
): Promise<void> {
  try {
    await ensureEpochAtStart(database, log);
  } catch (error) {
    throw databaseUrl === null ? error : explainStartupFailure(error, databaseUrl);
  }
}
