import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import type { Config } from "../../config.js";
import { inspectPostgresql, type PostgresInspection } from "../../database/inspect.js";
import { isPgliteOpen } from "../../database/pglite.js";
import { createLog, withoutCredentials } from "../../telemetry/log.js";
import { inOneLine } from "../failure.js";
import { clockFinding } from "./clock.js";
import { type Check, type Finding, ok, problem, warning } from "./finding.js";

/** To connect, and for each statement, ms. */
const timeout = 3000;

/** Is the database there, migrated and writable? */
export function checkDatabase({ databaseUrl, dataDirectory }: Config): Check {
  return {
    name: "Database",
    run: () => (databaseUrl === null ? checkEmbedded(dataDirectory) : checkPostgresql(databaseUrl)),
  };
}

/** The embedded database is not opened: that would keep a server from starting. */
async function checkEmbedded(directory: string): Promise<Finding[]> {
  const embedded = `Database: embedded (PGlite) in ${directory}, because DATABASE_URL is unset`;
  const folder = await stat(directory).catch(() => null);
  if (folder === null) return [ok(`${embedded}; the first start makes it`)];
  const writable = await access(directory, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!folder.isDirectory() || !writable) {
    return [problem(`${embedded}: it is no folder that can be written to`, "Set DATA_DIR to one")];
  }
  return [
    ok(
      `${embedded}${(await isPgliteOpen(directory)) ? "; a server has it open" : "; no server has it open"}`,
    ),
  ];
}

async function checkPostgresql(url: string): Promise<Finding[]> {
  const where = withoutCredentials(url);
  try {
    const found = await inspectPostgresql(url, timeout, createLog("silent"));
    return [ok(`Database: PostgreSQL ${found.version} at ${where}`), ...findingsOf(found)];
  } catch (error) {
    const reason = inOneLine(error);
    return [problem(`Database: ${where}: ${reason}`, remedyFor(reason))];
  }
}

function findingsOf(found: PostgresInspection): Finding[] {
  const findings = [migrationFinding(found.migrations)];
  if (found.readOnly) {
    findings.push(
      problem(
        "Database: it is read-only",
        "Point DATABASE_URL at the primary, or end default_transaction_read_only",
      ),
    );
  }
  if (found.isCopy) {
    findings.push(
      warning(
        `Epoch: ${found.epoch}, of another place: the database was copied or restored`,
        "Nothing to do: the next start begins a new epoch, and clients read their inboxes anew",
      ),
    );
  } else if (found.epoch !== null) findings.push(ok(`Epoch: ${found.epoch}`));
  findings.push(clockFinding("Database's", found.clockAhead));
  if (found.deadLetters > 0) {
    findings.push(
      warning(
        `Dead letters: ${found.deadLetters} are kept`,
        "See deadLetters of the API; retry or discard them",
      ),
    );
  }
  return findings;
}

function migrationFinding({ applied, missing, newer }: PostgresInspection["migrations"]): Finding {
  const remedy = "Run carillon migrate, or start an instance: it migrates";
  if (newer) {
    return problem(
      "Migrations: the database is of a newer version than this program",
      "Use that version, or another database",
    );
  }
  if (applied === 0) return warning("Migrations: none yet, the database is new", remedy);
  if (missing > 0) return problem(`Migrations: ${missing} missing, ${applied} applied`, remedy);
  return ok(`Migrations: all ${applied} applied`);
}

function remedyFor(reason: string): string {
  if (/authentication failed|no password|SASL|no pg_hba|role .* does not exist/i.test(reason)) {
    return "Correct the user and the password in DATABASE_URL";
  }
  if (/database .* does not exist/.test(reason))
    return "Create the database, or correct its name in DATABASE_URL";
  return "Start PostgreSQL, or correct DATABASE_URL";
}
