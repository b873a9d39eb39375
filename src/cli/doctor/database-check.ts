import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import type { Config } from "../../server/config/config.js";
import { inspectDatabase, type DatabaseInspection } from "../../server/database/inspect.js";
import { isDirectoryLocked } from "../../server/database/directory-lock.js";
import { explainConnection } from "../../server/database/startup-check.js";
import { createLog, withoutCredentials } from "../../server/telemetry/log.js";
import { describeInOneLine } from "../command-failure.js";
import { clockFinding } from "./clock-check.js";
import { type Check, type Finding, ok, problem, warning } from "./finding.js";

/** Milliseconds to connect, and for each statement. */
const timeout = 3000;

/** Checks that the database is reachable, migrated and writable. */
export function checkDatabase({ databaseUrl, dataDirectory }: Config): Check {
  return {
    name: "Database",
    run: () => (databaseUrl === null ? checkEmbedded(dataDirectory) : checkPostgresql(databaseUrl)),
  };
}

/** The embedded database is not opened, because a server could not start meanwhile. */
async function checkEmbedded(directory: string): Promise<Finding[]> {
  const embedded = `Database: embedded (PGlite) in ${directory}, because DATABASE_URL is unset`;
  const folder = await stat(directory).catch(() => null);
  if (folder === null) return [ok(`${embedded}; the first start creates it`)];
  const writable = await access(directory, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!folder.isDirectory() || !writable) {
    return [problem(`${embedded}: this is not a writable folder`, "Set DATA_DIR to a writable folder")];
  }
  return [ok(`${embedded}${(await isDirectoryLocked(directory)) ? "; in use by a server" : "; not in use"}`)];
}

async function checkPostgresql(url: string): Promise<Finding[]> {
  const where = withoutCredentials(url);
  try {
    const found = await inspectDatabase(url, timeout, createLog("silent"));
    return [ok(`Database: PostgreSQL ${found.version} at ${where}`), ...findingsOf(found)];
  } catch (error) {
    const explained = explainConnection(error, url);
    return [
      explained === null
        ? problem(
            `Database: ${where}: ${describeInOneLine(error)}`,
            "Correct what the message says, or DATABASE_URL",
          )
        : problem(`Database: ${where}: ${explained.reason}`, capitalize(explained.remedy)),
    ];
  }
}

function findingsOf(found: DatabaseInspection): Finding[] {
  const findings = [migrationFinding(found.migrations)];
  findings.push(
    ...found.problems.map(({ reason, remedy }) => problem(`Database: ${reason}`, capitalize(remedy))),
  );
  if (!found.durable) {
    findings.push(
      warning(
        "Database: fsync or synchronous_commit is off: a crash of the database server may silently lose acknowledged changes",
        "Set both to on",
      ),
    );
  }
  if (found.isCopy) {
    findings.push(
      warning(
        `Epoch: ${found.epoch} is from another server: the database was copied, restored or failed over`,
        "Nothing to do: the next instance that uses it renews the epoch, and clients reload their inboxes",
      ),
    );
  } else if (found.epoch !== null) findings.push(ok(`Epoch: ${found.epoch}`));
  findings.push(clockFinding("Database's", found.clockAhead));
  if (found.deadLetters > 0) {
    findings.push(
      warning(
        `Dead letters: ${found.deadLetters} are stored`,
        "Query deadLetters of the API, and retry or discard them",
      ),
    );
  }
  return findings;
}

function migrationFinding({ applied, missing, unknown, refusal }: DatabaseInspection["migrations"]): Finding {
  const remedy = "Run carillon migrate, or start an instance, which migrates";
  if (refusal !== null) {
    return problem(`Migrations: ${refusal}`, "See docs/upgrades.md about rollbacks");
  }
  if (applied === 0) return warning("Migrations: none applied, the database is new", remedy);
  if (missing > 0) return problem(`Migrations: ${missing} missing, ${applied} applied`, remedy);
  if (unknown > 0) {
    return warning(
      `Migrations: all applied, and ${unknown} of a later version, which this version can run on`,
      "Nothing to do: this is normal during a rolling upgrade and after a rollback",
    );
  }
  return ok(`Migrations: all ${applied} applied`);
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
