import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openPgliteDatabase } from "../../src/server/database/pglite-database.js";
import { createLog } from "../../src/server/telemetry/log.js";

const project = fileURLToPath(new URL("../..", import.meta.url));
const cache = join(project, "node_modules/.cache/carillon");

/**
 * A data directory with an embedded database, migrated and empty, for tests to copy. To create one takes seconds of processor
 * time, so it is kept for later runs, until a migration or a package changes. It has no epoch yet: each copy begins its own.
 * @returns its path
 */
export async function findEmbeddedDatabase(): Promise<string> {
  const path = join(cache, `embedded-database-${await hashOfOrigin()}`);
  if (existsSync(path)) return path;
  await mkdir(cache, { recursive: true });
  for (const former of await readdir(cache)) {
    if (former.startsWith("embedded-")) await rm(join(cache, former), { recursive: true, force: true });
  }
  const created = await mkdtemp(join(cache, "new-"));
  const database = await openPgliteDatabase(created, createLog("silent"));
  await database[Symbol.asyncDispose]();
  await rename(created, path).catch(async (error: unknown) => {
    // Another run was faster.
    if (!existsSync(path)) throw error;
    await rm(created, { recursive: true });
  });
  return path;
}

/** Of all that decides what the database is. */
async function hashOfOrigin(): Promise<string> {
  const migrations = join(project, "src/server/database/migrations");
  const names = (await readdir(migrations)).filter((name) => name.endsWith(".sql")).toSorted();
  const files = [join(project, "package-lock.json"), ...names.map((name) => join(migrations, name))];
  const hash = createHash("sha256");
  for (const file of files) hash.update(await readFile(file));
  return hash.digest("hex").slice(0, 16);
}
