import { z } from "zod";
import { StartupError } from "../config/startup-error.js";
import {
  type AppliedMigration,
  appliedMigration,
  compareSchema,
  type Migration,
  type ProgramSchema,
  programSchema,
} from "./migrations.js";

/** Runs statements of SQL, and returns the rows of the last one. */
export type RunScript = (text: string) => Promise<readonly unknown[]>;

/** The advisory lock of a migration: any number that no other program uses in this database. */
export const migrationLock = 7_226_455_466;

/**
 * Applies the missing migrations in order. It writes nothing when none is missing, so that a user without the right to create
 * tables can run on a schema that an owner has migrated. Ten instances may start at the same time: the first takes a lock that ends
 * with its transaction, and the others wait for it and find no missing migration. A lock of the session would be lost behind a
 * pooler, which gives each transaction another session. The record of applied migrations is drizzle's, so that `drizzle-kit`
 * understands the database; additional columns tell earlier versions whether they can run.
 * @param run runs all statements in one transaction, so that a lost connection cannot apply half a migration. With exclusive
 *   access to the database, each call may be a transaction of its own
 * @throws StartupError when the schema is of a later version, and this version cannot run on it
 */
export async function applyMigrations(
  run: RunScript,
  schema: ProgramSchema = programSchema(),
): Promise<void> {
  if ((await findMissing(run, schema)).length === 0) return;
  await run(`select pg_advisory_xact_lock(${migrationLock})`);
  await run(`
    create schema if not exists drizzle;
    create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
    alter table drizzle.__drizzle_migrations
      add column if not exists name text, add column if not exists version text, add column if not exists compatible boolean`);
  for (const migration of await findMissing(run, schema)) await run(scriptOf(migration, schema.version));
}

async function findMissing(run: RunScript, schema: ProgramSchema): Promise<readonly Migration[]> {
  const { missing, refusal } = compareSchema(await readApplied(run), schema);
  if (refusal !== null) throw new StartupError(refusal);
  return missing;
}

function scriptOf({ script, hash, madeAt, name, isCompatible }: Migration, version: string): string {
  return `
    ${script};
    insert into drizzle.__drizzle_migrations (hash, created_at, name, version, compatible)
      values ('${hash}', ${madeAt}, '${name}', '${version}', ${isCompatible})`;
}

const exists = z.tuple([z.object({ result: z.boolean() })]);
const record = z.array(z.object({ result: appliedMigration }));

/** The applied migrations, the oldest first; none in a new database. Columns that an earlier version did not create are undefined. */
export async function readApplied(run: RunScript): Promise<AppliedMigration[]> {
  const [found] = exists.parse(
    await run(`select to_json(to_regclass('drizzle.__drizzle_migrations') is not null) as result`),
  );
  if (!found.result) return [];
  const rows = await run(
    `select to_json(applied) as result from drizzle.__drizzle_migrations as applied order by created_at`,
  );
  return record.parse(rows).map(({ result }) => result);
}
