import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../telemetry/log.js";
import { type Database, DatabaseUnavailableError, uniqueViolation } from "./database.js";
import { applyMigrations } from "./migrate.js";
import { isAborted, isTransient, openPostgres, type PostgresPool } from "./postgres.js";
import { statementRunner } from "./statement-runner.js";

/** A statement that the server undid, or never got, is sent again for this long, ms: what failed slowly is not. */
const patience = 1000;

/** How long a start may wait for another instance that migrates, ms. */
const migrationTimeout = 600_000;

/**
 * Connects to a PostgreSQL server and migrates its database.
 * @throws DatabaseUnavailableError when it cannot be reached.
 */
export async function openPostgresql(url: string, poolSize: number, log: Log): Promise<Database> {
  const pool = openPostgres({ url, poolSize, log });
  try {
    await pool.exclusive((execute) => applyMigrations((text) => execute(text, [])), migrationTimeout);
  } catch (error) {
    await pool.close();
    throw translate(error);
  }
  return {
    kind: "postgres",
    ...statementRunner((text, parameters) => executePatiently(pool, text, parameters)),
    async [Symbol.asyncDispose]() {
      await pool.close();
    },
  };
}

async function executePatiently(
  pool: PostgresPool,
  text: string,
  parameters: unknown[],
): Promise<readonly unknown[]> {
  const begin = performance.now();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await pool.execute(text, parameters);
    } catch (error) {
      if (!isAborted(error) || performance.now() - begin > patience) throw translate(error);
      await sleep(Math.random() * 25 * 2 ** attempt);
    }
  }
}

function translate(error: unknown): unknown {
  if (isTransient(error)) {
    return new DatabaseUnavailableError("the database cannot do it now", { cause: error });
  }
  return uniqueViolation(error) ?? error;
}
