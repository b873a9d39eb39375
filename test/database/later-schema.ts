import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type ProgramSchema,
  migrationsFolder,
  readMigrations,
} from "../../src/server/database/migrations.js";

/** A program that does not exist yet: 9.0.0, with one more migration than this one. */
export async function laterProgram(folder: string, name: string, sql: string): Promise<ProgramSchema> {
  const migrations = join(folder, name);
  await mkdir(migrations);
  await cp(migrationsFolder, migrations, { recursive: true });
  const journalFile = join(migrations, "meta/_journal.json");
  const journal = JSON.parse(await readFile(journalFile, "utf8")) as { entries: object[] };
  // In the order of their names, and later than every migration of this program.
  journal.entries.push({
    idx: journal.entries.length,
    version: "7",
    when: 4_000_000_000_000 + Number(name.slice(0, 4)),
    tag: name,
    breakpoints: true,
  });
  await writeFile(journalFile, JSON.stringify(journal));
  await writeFile(join(migrations, `${name}.sql`), sql);
  return { migrations: readMigrations(migrations), version: "9.0.0" };
}

/** What a rolling upgrade meets: more columns and tables than this program knows. */
export const compatible = `-- compatible with earlier versions: yes
ALTER TABLE "notifications" ADD COLUMN "colour" text DEFAULT 'red' NOT NULL;
--> statement-breakpoint
ALTER TABLE "notification_events" ADD COLUMN "colour" text;
--> statement-breakpoint
ALTER TABLE "inboxes" ADD COLUMN "colour" text;
--> statement-breakpoint
CREATE TABLE "colours" ("name" text PRIMARY KEY NOT NULL);`;

/** What this program cannot run on. */
export const incompatible = `-- compatible with earlier versions: no
ALTER TABLE "notifications" RENAME COLUMN "title" TO "heading";`;
