import { retry } from "../scheduling/retry.js";
import type { Log } from "../telemetry/log.js";
import { type Database, DatabaseUnavailableError, uniqueViolation } from "./database.js";
import { withRenewal } from "./epoch.js";
import type { Execute } from "./execute.js";
import { applyMigrations, type RunScript } from "./migrate.js";
import { openPostgresPool } from "./postgres-pool.js";
import { isAborted, isDeadlock, isTransient } from "./postgres-errors.js";
import { checkServer, explainStartupFailure } from "./startup-check.js";
import { createQueryRunner } from "./query.js";

/** How long a statement that had no effect is sent again, ms. One that failed more slowly than this is not. */
const retryFor = 1000;

/** How long PostgreSQL waits before it looks for a deadlock, by default, ms: `deadlock_timeout`. */
const deadlockTimeout = 1000;

/** How long a start waits for another instance that migrates, ms. */
const migrationTimeout = 600_000;

/**
 * Connects to a PostgreSQL server and migrates its database.
 * @throws StartupError when the server cannot be used
 */
export async function openPostgresDatabase(url: string, poolSize: number, log: Log): Promise<Database> {
  const pool = openPostgresPool({ url, poolSize, log });
  try {
    await pool.transaction(async (execute) => {
      const run: RunScript = (text) => execute(text, []);
      await checkServer(run);
      await applyMigrations(run);
    }, migrationTimeout);
  } catch (error) {
    await pool.close();
    throw explainStartupFailure(error, url);
  }
  return {
    kind: "postgres",
    ...createQueryRunner(withRenewal(withRetry(pool.execute), log)),
    async [Symbol.asyncDispose]() {
      await pool.close();
    },
  };
}

/** Sends a statement again that had no effect. */
function withRetry(execute: Execute): Execute {
  return async (text, parameters, mode) => {
    const begin = performance.now();
    try {
      return await retry(() => execute(text, parameters, mode), {
        isRetryable: (error) =>
          isAborted(error) &&
          performance.now() - begin <= retryFor + (isDeadlock(error) ? deadlockTimeout : 0),
        delay: (failures) => Math.random() * 25 * 2 ** failures,
      });
    } catch (error) {
      throw translate(error);
    }
  };
}

function translate(error: unknown): unknown {
  if (isTransient(error)) {
    return new DatabaseUnavailableError("the database is unavailable or overloaded; retry later", {
      cause: error,
    });
  }
  return uniqueViolation(error) ?? error;
}
