import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { describe, expect, it } from "vitest";
import { applyMigrations, type RunScript } from "../../src/server/database/migrate.js";
import { migrationsFolder, programSchema } from "../../src/server/database/migrations.js";
import { openPgliteDatabase } from "../../src/server/database/pglite-database.js";
import { openPostgresPool } from "../../src/server/database/postgres-pool.js";
import { createLog } from "../../src/server/telemetry/log.js";
import { carillon } from "../cli/carillon.js";
import { jwtSecret } from "../kit/app.js";
import { inboxOf, notify } from "../kit/backend.js";
import { startInstance } from "../kit/instance.js";
import { runToExit } from "../kit/run-to-exit.js";
import { makeDirectory } from "../kit/scratch-directory.js";
import { createDatabase } from "../services/database.js";
import { compatible, incompatible, laterProgram } from "./later-schema.js";

const log = createLog("silent");
const { version, migrations } = programSchema();
const newest = migrations.at(-1)?.name ?? "";
/** The one line with which this program refuses the schema of a later one. */
const refusal =
  `the database has the schema of Carillon 9.0.0 (migration 0901_heading), on which this Carillon ${version} ` +
  `(migration ${newest}) cannot run: start Carillon 9.0.0 or later, or restore a backup from before the upgrade`;

/** Runs scripts on a database of a server. */
async function onServer<T>(url: string, work: (run: RunScript) => Promise<T>): Promise<T> {
  const pool = openPostgresPool({ url, poolSize: 1, log });
  try {
    return await pool.transaction((execute) => work((text) => execute(text, [])), 60_000);
  } finally {
    await pool.close();
  }
}

describe("a database with the schema of a later version", () => {
  it("is used where that says so: by instances that run, by those that start, and after a rollback", async () => {
    await using folder = await makeDirectory();
    await using database = await createDatabase();
    const environment = { DATABASE_URL: database.url, AUTH_JWT_SECRET: jwtSecret };
    await using running = await startInstance(environment);
    await notify(running.url, "alice", "before the upgrade");
    const later = await laterProgram(folder.path, "0900_colours", compatible);
    await onServer(database.url, (run) => applyMigrations(run, later));
    await notify(running.url, "alice", "during the upgrade");

    await using started = await startInstance(environment);
    await notify(started.url, "alice", "after the rollback");
    const { notifications } = await inboxOf(running.url, "alice");
    expect(notifications.nodes.map(({ title }) => title)).toEqual([
      "after the rollback",
      "during the upgrade",
      "before the upgrade",
    ]);
    const { output } = await carillon(environment, "doctor");
    expect(output).toContain(
      "! Migrations: all applied, and 1 of a later version, which this version can run on",
    );
  });

  it("is refused where it does not, by an instance, by migrate and by the doctor, in one line that names both versions", async () => {
    await using folder = await makeDirectory();
    await using database = await createDatabase();
    const later = await laterProgram(folder.path, "0901_heading", incompatible);
    await onServer(database.url, (run) => applyMigrations(run, later));
    const environment = { DATABASE_URL: database.url, AUTH_JWT_SECRET: jwtSecret };
    const [started, migrated, examined] = await Promise.all([
      runToExit(environment),
      carillon(environment, "migrate"),
      carillon(environment, "doctor"),
    ]);
    expect(started).toMatchObject({ code: 1, errors: [`Carillon cannot start: ${refusal}`] });
    expect(started.output).not.toContain("    at ");
    expect(migrated).toMatchObject({ code: 1, errors: [refusal] });
    expect(examined.output).toContain(`✗ Migrations: ${refusal}`);
    expect(examined.code).toBe(1);
  });

  it("is refused where nobody said which version it is of", async () => {
    await using database = await createDatabase();
    await onServer(database.url, async (run) => {
      await applyMigrations(run);
      await run(
        `insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 4000000000000)`,
      );
    });
    const { code, errors } = await carillon({ DATABASE_URL: database.url }, "migrate");
    expect(errors).toEqual([
      expect.stringMatching(
        /^the database has the schema of a later Carillon \(migration of 2096-\S+\), .*: start that version or later, or/,
      ),
    ]);
    expect(code).toBe(1);
  });

  it("is refused or used by the embedded database alike", async () => {
    await using folder = await makeDirectory();
    const directory = join(folder.path, "data");
    await (await openPgliteDatabase(directory, log))[Symbol.asyncDispose]();
    await onFiles(directory, await laterProgram(folder.path, "0900_colours", compatible));
    await (await openPgliteDatabase(directory, log))[Symbol.asyncDispose]();
    await onFiles(directory, await laterProgram(folder.path, "0901_heading", incompatible));
    await expect(openPgliteDatabase(directory, log)).rejects.toThrow(refusal);
  });
});

/** Upgrades the embedded database of a directory. */
async function onFiles(directory: string, later: Awaited<ReturnType<typeof laterProgram>>): Promise<void> {
  const client = await PGlite.create(join(directory, "pglite"));
  await applyMigrations(async (text) => (await client.exec(text)).at(-1)?.rows ?? [], later);
  await client.close();
}

it("what an earlier migration adds after a later one was applied is not left out", async () => {
  await using database = await createDatabase();
  const tables = await onServer(database.url, async (run) => {
    await applyMigrations(run);
    await run(`
      drop table dead_letters, webhook_attempts, webhook_endpoints;
      delete from drizzle.__drizzle_migrations where name = '0001_worker';
      insert into drizzle.__drizzle_migrations (hash, created_at, compatible) values ('later', 4000000000000, true)`);
    await applyMigrations(run);
    return await run(`select to_regclass('dead_letters') is not null as "found"`);
  });
  expect(tables).toEqual([{ found: true }]);
});

describe("every migration", () => {
  const scripts = readdirSync(migrationsFolder)
    .filter((name) => name.endsWith(".sql"))
    .map((name) => [name, readFileSync(join(migrationsFolder, name), "utf8")] as const);

  it.each(scripts)(
    "%s says in its first line whether earlier versions can run on its schema",
    (_name, text) => {
      expect(text).toMatch(/^-- compatible with earlier versions: (yes|no)\n/);
    },
  );

  it.each(scripts.filter(([, text]) => text.includes(": yes\n")))(
    "%s takes nothing away if it says that they can",
    (_name, text) => {
      const narrowing =
        /\b(drop|rename|set not null|set data type|alter column)\b|add column [^;]*not null(?![^;]*default)/i;
      expect(text.split(";").filter((statement) => narrowing.test(statement))).toEqual([]);
    },
  );
});
