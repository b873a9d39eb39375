import type { Database } from "../../src/server/database/database.js";
import { ensureEpoch } from "../../src/server/database/epoch.js";
import { openPgliteDatabase } from "../../src/server/database/pglite-database.js";
import { openPostgresDatabase } from "../../src/server/database/postgres-database.js";
import { createLog } from "../../src/server/telemetry/log.js";
import { createDatabase } from "../services/database.js";
import { makeDataDirectory } from "./data-directory.js";

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
  const directory = await makeDataDirectory();
  const database = await openPgliteDatabase(directory.path, createLog("silent"));
  await ensureEpoch(database);
  return {
    database,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
}

export async function openOnServer(): Promise<OpenedOnServer> {
  const created = await createDatabase();
  const database = await openPostgresDatabase(created.url, poolSize, createLog("silent"));
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
