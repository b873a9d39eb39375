import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { z } from "zod";
import { packageFile } from "../config/package-files.js";
import { readVersion } from "../config/version.js";

/**
 * How the schema changes, and which versions of the program can run on it.
 *
 * `npm run db:generate -- --name what-changed` makes a migration from the changes in tables.ts. Add the first line by hand: it says
 * whether the previous version can run on the new schema:
 *
 *     -- compatible with earlier versions: yes
 *
 * Yes means that nothing is removed or narrowed: new tables, new indexes, columns that are nullable or have a default. During a
 * rolling upgrade instances of both versions run at the same time, and a rollback is a start of the previous version.
 * A removal (drop, rename, another type, not null) is "no". It comes in a release after the one that stopped using the object, and
 * is applied when no instance of an earlier version runs any more. Such a version refuses to start afterwards.
 * See docs/upgrades.md.
 */

/** The folder of the generated SQL. */
export const migrationsFolder = fileURLToPath(packageFile("src/server/database/migrations"));

export interface Migration {
  /** Such as 0001_worker. */
  readonly name: string;
  /** When it was made, ms since 1970: the key in the record of applied migrations. */
  readonly madeAt: number;
  readonly hash: string;
  /** Its statements. */
  readonly script: string;
  /** Whether versions without this migration can run on its schema. */
  readonly isCompatible: boolean;
}

/** The migrations in a folder, the oldest first. */
export function readMigrations(folder: string): Migration[] {
  const names = new Map(readJournal(folder).map(({ when, tag }) => [when, tag]));
  return readMigrationFiles({ migrationsFolder: folder }).map(({ folderMillis, hash, sql }) => ({
    name: names.get(folderMillis) ?? String(folderMillis),
    madeAt: folderMillis,
    hash,
    script: sql.join("\n"),
    isCompatible: /^-- compatible with earlier versions: yes$/m.test(sql[0] ?? ""),
  }));
}

const journal = z.object({ entries: z.array(z.object({ when: z.number(), tag: z.string() })) });

function readJournal(folder: string): z.infer<typeof journal>["entries"] {
  return journal.parse(JSON.parse(readFileSync(`${folder}/meta/_journal.json`, "utf8"))).entries;
}

/** A row of the record of applied migrations. Earlier versions did not write the columns that may be null. */
export const appliedMigration = z.object({
  created_at: z.coerce.number(),
  name: z.string().nullish(),
  /** The version that applied it. */
  version: z.string().nullish(),
  compatible: z.boolean().nullish(),
});

export type AppliedMigration = z.infer<typeof appliedMigration>;

/** The schema of a version of the program. */
export interface ProgramSchema {
  readonly migrations: readonly Migration[];
  readonly version: string;
}

/** The schema of this program. */
export function programSchema(): ProgramSchema {
  return { migrations: readMigrations(migrationsFolder), version: readVersion() };
}

/** How the schema of a database differs from the schema of this program. */
export interface SchemaState {
  readonly missing: readonly Migration[];
  /** Of a later version, the oldest first. */
  readonly unknown: readonly AppliedMigration[];
  /** Why this program cannot run on the schema, in one line; null: it can, after the missing migrations. */
  readonly refusal: string | null;
}

/** @param known the migrations of this program, and its version */
export function compareSchema(
  applied: readonly AppliedMigration[],
  { migrations: known, version }: ProgramSchema = programSchema(),
): SchemaState {
  const knownTimes = new Set(known.map(({ madeAt }) => madeAt));
  const appliedTimes = new Set(applied.map((row) => row.created_at));
  const unknown = applied.filter((row) => !knownTimes.has(row.created_at));
  const breaking = unknown.filter(({ compatible }) => compatible !== true);
  return {
    missing: known.filter(({ madeAt }) => !appliedTimes.has(madeAt)),
    unknown,
    refusal: breaking.length === 0 ? null : refusalOf(breaking, version, known.at(-1)?.name),
  };
}

function refusalOf(breaking: readonly AppliedMigration[], version: string, newest = "none"): string {
  const last = breaking.at(-1);
  const [owner, remedy] =
    typeof last?.version === "string"
      ? [`Carillon ${last.version}`, `start Carillon ${last.version} or later`]
      : ["a later Carillon", "start that version or later"];
  const migration = last?.name ?? `of ${new Date(last?.created_at ?? 0).toISOString()}`;
  return (
    `the database has the schema of ${owner} (migration ${migration}), on which this Carillon ${version} ` +
    `(migration ${newest}) cannot run: ${remedy}, or restore a backup from before the upgrade`
  );
}
