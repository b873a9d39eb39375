import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { guarded } from "../services/process-guard.js";
import { type Block, root } from "./blocks.js";

/** A project that depends on this one, as a reader of the documentation has it. Disposing of it deletes it. */
export interface Consumer extends AsyncDisposable {
  readonly folder: string;
  /** Writes a file, with the folders that it needs. @returns its path */
  write(name: string, text: string): Promise<string>;
  /** What TypeScript says of every file, a line each that begins with the file's name. */
  typeCheck(): Promise<string[]>;
}

const compilerOptions = {
  strict: true,
  target: "es2023",
  // As bundlers and the templates of Vite have it.
  module: "esnext",
  moduleResolution: "bundler",
  moduleDetection: "force",
  verbatimModuleSyntax: true,
  jsx: "react-jsx",
  lib: ["es2023", "esnext.disposable", "dom", "dom.iterable", "dom.asynciterable"],
  types: ["node"],
  noEmit: true,
  skipLibCheck: true,
};

/** Scripts are read as closely as types that nobody wrote allow. */
const scripts = { checkJs: true, noImplicitAny: false };

/**
 * Makes the folder. What the project itself depends on is installed there, and `carillon` is the project: an import of
 * @carillon/client goes by the exports of package.json to dist/.
 */
export async function makeConsumer(): Promise<Consumer> {
  const outer = await mkdtemp(join(tmpdir(), "carillon-consumer-"));
  const folder = join(outer, "project");
  await mkdir(join(folder, "node_modules"), { recursive: true });
  await symlink(join(root, "node_modules"), join(outer, "node_modules"));
  await symlink(root, join(folder, "node_modules/carillon"));

  async function write(name: string, text: string): Promise<string> {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    return path;
  }

  await write("package.json", JSON.stringify({ name: "consumer", private: true, type: "module" }));
  await write("assets.d.ts", `declare module "*.css";\n`);
  await write("tsconfig.json", JSON.stringify({ compilerOptions, include: ["**/*.ts", "**/*.tsx"] }));
  await write(
    "tsconfig.scripts.json",
    JSON.stringify({
      compilerOptions: { ...compilerOptions, ...scripts },
      include: ["**/*.js", "**/*.jsx", "*.d.ts"],
    }),
  );

  return {
    folder,
    write,
    async typeCheck() {
      const found = await Promise.all([tsc(folder, "tsconfig.json"), tsc(folder, "tsconfig.scripts.json")]);
      return found.flat();
    },
    [Symbol.asyncDispose]: () => rm(outer, { recursive: true, force: true }),
  };
}

/** The lines of TypeScript's complaints. */
async function tsc(folder: string, project: string): Promise<string[]> {
  const program = join(root, "node_modules/typescript/bin/tsc");
  const output = await new Promise<string>((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [program, "-p", project, "--pretty", "false"],
      { cwd: folder },
      (error, stdout, stderr) => {
        if (error !== null && stdout === "") reject(new Error(`tsc failed: ${stderr || error.message}`));
        else resolve(stdout);
      },
    );
    guarded(child);
  });
  return output.split("\n").filter((line) => line !== "" && !line.includes("error TS18003"));
}

/**
 * Where a block lies in the project: a folder for each page, and the name that the block was given or one made of its line.
 * Its text begins on the same line as in the page, so that a complaint names the page's line.
 */
export function fileOf(block: Block): { readonly name: string; readonly text: string } {
  const folder = block.page.replace(/\.md$/, "").toLowerCase();
  const name = block.info["file"] ?? `line-${block.line}.${block.language}`;
  return { name: `${folder}/${name}`, text: "\n".repeat(block.line - 1) + block.text };
}
