/** The static files of the sandbox: Altair's from its package, ours from browser/. Nothing comes from another host. */
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { getDistDirectory } from "altair-static";

export interface Assets {
  /** Changes with the content of the files, which may therefore be cached for ever under an address that bears it. */
  readonly version: string;
  /** The file of this name, or null when there is none. */
  read(name: string): Promise<Asset | null>;
}

export interface Asset {
  readonly contentType: string;
  readonly body: Buffer;
}

const contentTypes: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
};

// Served as they are written, from src/ also when this module runs in dist/.
const ownDirectory = fileURLToPath(new URL("../../../src/http/sandbox/browser/", import.meta.url));

/** Lists the files. A request names one of the list or nothing, so that no path leads out of the folders. */
export async function listAssets(): Promise<Assets> {
  const paths = new Map<string, string>();
  await addFiles(paths, "", getDistDirectory());
  await addFiles(paths, "carillon/", ownDirectory);
  return {
    version: await digest(paths),
    async read(name) {
      const path = paths.get(name);
      const contentType = contentTypes[extname(name)];
      if (path === undefined || contentType === undefined) return null;
      return { contentType, body: await readFile(path) };
    },
  };
}

async function addFiles(paths: Map<string, string>, prefix: string, directory: string): Promise<void> {
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    paths.set(prefix + relative(directory, path).split(sep).join("/"), path);
  }
}

async function digest(paths: ReadonlyMap<string, string>): Promise<string> {
  const hash = createHash("sha256");
  for (const [name, path] of paths) hash.update(name).update(await readFile(path));
  return hash.digest("hex").slice(0, 12);
}
