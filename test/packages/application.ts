import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { makeDirectory } from "../kit/scratch-directory.js";
import { run } from "../services/commands.js";

const project = fileURLToPath(new URL("../..", import.meta.url));

const compiler = join(project, "node_modules/typescript/bin/tsc");

const workspaces = { client: "src/client", react: "src/react", apollo: "src/apollo", urql: "src/urql" };

/** Milliseconds for a test that installs packages: the registry may be slow, and what it answers is not what is tested. */
export const installTimeout = 300_000;

export type ClientPackage = keyof typeof workspaces;

/** A folder that is no part of the project, and what is installed there from packed files and the registry. */
export interface Application extends AsyncDisposable {
  readonly path: string;
  /** Installs packages with npm, of the registry or of a file. */
  install(...packages: readonly string[]): Promise<void>;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** Runs a program of Node.js in the folder. @returns what it writes */
  node(...args: readonly string[]): Promise<string>;
  /** The packages that are installed, and the bytes of their files. */
  installed(): Promise<ReadonlyMap<string, number>>;
}

/** Packs what was built, as it would be published. @returns the paths of the files */
export async function pack(folder: string, names: readonly ClientPackage[] | null): Promise<string[]> {
  const which = (names ?? []).flatMap((name) => ["--workspace", workspaces[name]]);
  const args = ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder, ...which];
  const written = await run("npm", args, { cwd: project });
  return written
    .trim()
    .split("\n")
    .map((name) => join(folder, name));
}

export async function createApplication(): Promise<Application> {
  const { path, [Symbol.asyncDispose]: remove } = await makeDirectory();
  const write: Application["write"] = async (files) => {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), text);
    }
  };
  await write({ "package.json": JSON.stringify({ private: true, type: "module" }) });
  return {
    path,
    write,
    async install(...packages) {
      const flags = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
      await run("npm", ["install", ...flags, ...packages], { cwd: path });
    },
    node: async (...args) => await run(process.execPath, args, { cwd: path }),
    installed: async () => await measure(path),
    [Symbol.asyncDispose]: remove,
  };
}

/**
 * Type-checks `src` in the ways in which applications resolve modules, with the declarations of libraries.
 * @param options what differs in the compiler's options
 */
export async function checkStrictly(application: Application, options: object = {}): Promise<void> {
  for (const [module, moduleResolution] of [
    ["esnext", "bundler"],
    ["node16", "node16"],
  ]) {
    const compilerOptions = {
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      target: "es2022",
      lib: ["es2023", "dom", "dom.iterable", "dom.asynciterable", "esnext.disposable"],
      jsx: "react-jsx",
      types: [],
      module,
      moduleResolution,
      ...options,
    };
    const name = `tsconfig.${moduleResolution}.json`;
    await application.write({ [name]: JSON.stringify({ compilerOptions, include: ["src", "css.d.ts"] }) });
    await application.write({ "css.d.ts": 'declare module "*.css";' });
    await run(process.execPath, [compiler, "-p", join(application.path, name)]);
  }
}

const lockSchema = z.object({ packages: z.record(z.string(), z.unknown()) });

async function measure(application: string): Promise<ReadonlyMap<string, number>> {
  const lock: unknown = JSON.parse(
    await readFile(join(application, "node_modules/.package-lock.json"), "utf8"),
  );
  const sizes = new Map<string, number>();
  for (const folder of Object.keys(lockSchema.parse(lock).packages)) {
    sizes.set(folder.slice("node_modules/".length), await sizeOf(join(application, folder)));
  }
  return sizes;
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const isOfAnother = path.slice(folder.length).includes("/node_modules/");
    if (entry.isFile() && !isOfAnother) bytes += (await stat(path)).size;
  }
  return bytes;
}
