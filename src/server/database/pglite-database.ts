import { writeSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { explainDirectoryError, StartupError } from "../config/startup-error.js";
import type { Log } from "../telemetry/log.js";
import { type Database, uniqueViolation } from "./database.js";
import { type DirectoryLock, lockDirectory } from "./directory-lock.js";
import { withRenewal } from "./epoch.js";
import { applyMigrations } from "./migrate.js";
import { cacheDatabaseIdentity } from "./database-identity.js";
import type { Execute } from "./execute.js";
import { createQueryRunner } from "./query.js";

/** How often the lock of the directory is checked, ms. */
const watchInterval = 500;

/**
 * Opens the embedded database in `directory`, creates the directory if necessary, and migrates the database. It runs without
 * fsync: a killed process loses nothing, a power cut may lose commits. The directory is locked, because PGlite would allow a second
 * process, and the two would corrupt the files. A process that loses the lock, because its files were deleted, exits at once
 * without another write.
 * @throws StartupError when another process uses the directory, or it is not writable
 */
export async function openPgliteDatabase(directory: string, log: Log): Promise<Database> {
  const lock = await lockOrExplain(directory);
  const ensureHeld = (): void => {
    if (!lock.isHeld()) endProcess(directory, log);
  };
  const watch = setInterval(ensureHeld, watchInterval).unref();
  const release = async (): Promise<void> => {
    clearInterval(watch);
    await lock[Symbol.asyncDispose]();
  };
  try {
    const client = await openFiles(directory);
    await applyMigrations(async (text) => {
      ensureHeld();
      return (await client.exec(text)).at(-1)?.rows ?? [];
    });
    await client.exec(cacheDatabaseIdentity);
    const execute: Execute = async (text, parameters, mode) => {
      ensureHeld();
      try {
        const { rows } = await client.query(text, parameters, { rowMode: mode ?? "object" });
        return rows;
      } catch (error) {
        throw uniqueViolation(error) ?? error;
      }
    };
    return {
      kind: "pglite",
      ...createQueryRunner(withRenewal(execute, log)),
      async [Symbol.asyncDispose]() {
        ensureHeld();
        try {
          await client.close();
        } finally {
          await release();
        }
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

async function openFiles(directory: string): Promise<PGlite> {
  const files = join(directory, "pglite");
  try {
    return await PGlite.create(files);
  } catch (error) {
    const explained = explainDirectoryError(directory, error);
    if (explained instanceof StartupError) throw explained;
    // PGlite also throws values that are not errors, with little information.
    const version = await readFile(join(files, "PG_VERSION"), "utf8").catch(() => "an unknown version");
    throw new StartupError(
      `DATA_DIR ${directory} holds a database of PostgreSQL ${version.trim()} that cannot be opened: it is damaged, or of ` +
        "another version of Carillon; start that one, restore a backup, or set DATA_DIR to another folder",
      { cause: error },
    );
  }
}

async function lockOrExplain(directory: string): Promise<DirectoryLock> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const lock = await lockDirectory(directory);
    if (lock !== null) return lock;
  } catch (error) {
    throw explainDirectoryError(directory, error);
  }
  throw new StartupError(
    `DATA_DIR ${directory} is in use by another process: stop that one, or set another DATA_DIR, or DATABASE_URL`,
  );
}

/** Exits as after kill -9: a further write could corrupt the files of the next process. */
function endProcess(directory: string, log: Log): never {
  const message = `the lock of DATA_DIR ${directory} is lost: its files were deleted or replaced, and another process may use the directory`;
  log.fatal({ dataDirectory: directory }, "data directory lock lost");
  writeSync(process.stderr.fd, `Carillon ends: ${message}\n`);
  process.exit(1);
}
