/** Files that pages need: scripts, styles, fonts, pictures. All come from here, never from another host. */
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import type { FastifyInstance } from "fastify";

export interface StaticFiles {
  /** Changes with the content of the files, which may therefore be cached for ever under an address that bears it. */
  readonly version: string;
  /** The file of this name, or null when there is none. */
  read(name: string): Promise<StaticFile | null>;
}

export interface StaticFile {
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

/**
 * Lists the files of these folders. A request names one of the list or nothing, so that no path leads out of the folders.
 * @param folders by the prefix of their files' names
 */
export async function listFiles(folders: Readonly<Record<string, string>>): Promise<StaticFiles> {
  const paths = new Map<string, string>();
  for (const [prefix, folder] of Object.entries(folders)) await addFiles(paths, prefix, folder);
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

/** Serves the files below `base`, an address that changes with their content. */
export function registerFiles(app: FastifyInstance, base: string, files: StaticFiles): void {
  app.get<{ Params: { "*": string } }>(`${base}*`, async (request, reply) => {
    const file = await files.read(request.params["*"]);
    if (file === null) return reply.callNotFound();
    return reply
      .header("cache-control", "public, max-age=31536000, immutable")
      .header("cross-origin-resource-policy", "same-origin")
      .header("x-content-type-options", "nosniff")
      .type(file.contentType)
      .send(file.body);
  });
}

async function addFiles(paths: Map<string, string>, prefix: string, folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    paths.set(prefix + relative(folder, path).split(sep).join("/"), path);
  }
}

async function digest(paths: ReadonlyMap<string, string>): Promise<string> {
  const hash = createHash("sha256");
  for (const [name, path] of paths) hash.update(name).update(await readFile(path));
  return hash.digest("hex").slice(0, 12);
}
