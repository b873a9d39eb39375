import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { check, lock } from "proper-lockfile";
import type { Log } from "../telemetry/log.js";
import { type Database, DatabaseUnavailableError, uniqueViolation } from "./database.js";
import { applyMigrations } from "./migrate.js";
import { statementRunner } from "./statement-runner.js";

/**
 * Opens the embedded database in `directory`, made when absent, and migrates it. It runs without fsync: a process that is
 * killed loses nothing, a machine that loses power may. One process at a time: PGlite itself would let in a second one, and
 * both would spoil the files, so the folder is locked.
 * @throws DatabaseUnavailableError when another process has the folder.
 */
export async function openPglite(directory: string, log: Log): Promise<Database> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const release = await lockFolder(directory, log);
  try {
    const client = await PGlite.create(join(directory, "pglite"));
    await applyMigrations(async (text) => (await client.exec(text)).at(-1)?.rows ?? []);
    return {
      kind: "pglite",
      ...statementRunner(async (text, parameters) => {
        try {
          const { rows } = await client.query(text, parameters);
          return rows;
        } catch (error) {
          throw uniqueViolation(error) ?? error;
        }
      }),
      async [Symbol.asyncDispose]() {
        await client.close();
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** A process that was killed leaves its lock behind: it counts as gone when it was not renewed for `stale` ms. */
const stale = 5000;

function lockOf(directory: string): { lockfilePath: string; stale: number } {
  return { lockfilePath: join(directory, "lock"), stale };
}

/** Does a process have the embedded database of this directory open? */
export async function isPgliteOpen(directory: string): Promise<boolean> {
  return await check(directory, { ...lockOf(directory), realpath: false });
}

async function lockFolder(directory: string, log: Log): Promise<() => Promise<void>> {
  try {
    return await lock(directory, {
      ...lockOf(directory),
      update: 1000,
      retries: { retries: 14, minTimeout: 500, maxTimeout: 500 },
      onCompromised: (error) => log.error({ error }, "the lock of the data directory was lost"),
    });
  } catch (error) {
    throw new DatabaseUnavailableError(
      `DATA_DIR ${directory} is in use by another process: stop that one, or set another DATA_DIR, or DATABASE_URL`,
      { cause: error },
    );
  }
}
