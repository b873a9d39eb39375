import { readMigrationFiles } from "drizzle-orm/migrator";
import { migrationsFolder } from "./migrations.js";

/**
 * Runs a text of SQL and gives the rows of its last statement. A text of several statements is one transaction (the simple
 * query protocol), so a lost connection cannot apply half a migration.
 */
export type RunScript = (text: string) => Promise<readonly unknown[]>;

/** Any number will do, as long as nobody else on the server takes it for a lock of theirs. */
const lockKey = 7_226_455_466;

/**
 * Applies the migrations that are missing, in their order, and does nothing where there are none. Ten instances may start at
 * once: the first takes a lock that ends with its session, the others wait for it and find nothing left to do. Keeps
 * drizzle's book of what was applied, so `drizzle-kit` understands the database.
 */
export async function applyMigrations(run: RunScript): Promise<void> {
  await run(`select pg_advisory_lock(${lockKey})`);
  await run(`
    create schema if not exists drizzle;
    create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`);
  const applied = await lastApplied(run);
  for (const migration of readMigrationFiles({ migrationsFolder })) {
    if (migration.folderMillis <= applied) continue;
    await run(`
      ${migration.sql.join("\n")};
      insert into drizzle.__drizzle_migrations (hash, created_at) values ('${migration.hash}', ${migration.folderMillis})`);
  }
  await run(`select pg_advisory_unlock(${lockKey})`);
}

/** When each migration of this version was made, ms since 1970: the book of what was applied names them by it. */
export function knownMigrations(): number[] {
  return readMigrationFiles({ migrationsFolder }).map(({ folderMillis }) => folderMillis);
}

async function lastApplied(run: RunScript): Promise<number> {
  const [row] = await run("select max(created_at)::float8 as last from drizzle.__drizzle_migrations");
  const last = typeof row === "object" && row !== null && "last" in row ? row.last : null;
  return typeof last === "number" ? last : 0;
}
