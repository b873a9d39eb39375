import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Database } from "../../src/database/database.js";
import { ensureEpoch } from "../../src/database/epoch.js";
import { openPglite } from "../../src/database/pglite.js";
import { openPostgresql } from "../../src/database/postgresql.js";
import { createLog } from "../../src/telemetry/log.js";
import { createDatabase } from "../services/database.js";

/** A migrated database of a test's own. Disposing of it closes it and deletes it. */
export interface OpenedDatabase extends AsyncDisposable {
  readonly database: Database;
}

/** The same on a server, where others can connect to it as well. */
export interface OpenedOnServer extends OpenedDatabase {
  readonly url: string;
}

export const databaseKinds = ["PGlite", "PostgreSQL"] as const;

export type DatabaseKind = (typeof databaseKinds)[number];

/** As many statements at a time as the service runs by default. */
export const poolSize = 10;

export function openTestDatabase(kind: DatabaseKind): Promise<OpenedDatabase> {
  return kind === "PGlite" ? openEmbedded() : openOnServer();
}

async function openEmbedded(): Promise<OpenedDatabase> {
  const directory = await mkdtemp(join(tmpdir(), "carillon-pglite-"));
  const database = await openPglite(directory, createLog("silent"));
  await ensureEpoch(database);
  return {
    database,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export async function openOnServer(): Promise<OpenedOnServer> {
  const created = await createDatabase();
  const database = await openPostgresql(created.url, poolSize, createLog("silent"));
  await ensureEpoch(database);
  return {
    database,
    url: created.url,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await created[Symbol.asyncDispose]();
    },
  };
}
