import { execFile } from "node:child_process";
import { chmod, cp, rm } from "node:fs/promises";
import { promisify } from "node:util";

/**
 * Builds every package into its own dist/. The client comes first: the others are built against what it ships. `dist/` of
 * the server mirrors the project, so that what its code reads beside itself lies at the same place.
 */

const run = promisify(execFile);

/** Built against the client alone, so they are built at the same time. */
const clientPackages = ["react", "apollo", "urql", "demo", "sandbox"];

/** What the server and its command line read besides their code, and where it is built. */
const files = {
  "package.json": "package.json",
  schema: "schema",
  "src/client/operations": "src/client/operations",
  "src/demo/dist": "src/demo/dist",
  "src/sandbox/dist": "src/sandbox/dist",
  "src/server/database/migrations": "src/server/database/migrations",
  "src/server/http/sandbox/operations": "src/server/http/sandbox/operations",
};

async function buildPackage(name: string): Promise<void> {
  await run("npm", ["run", "build", "--workspace", `src/${name}`]);
}

async function compileServer(): Promise<void> {
  await rm("dist", { recursive: true, force: true });
  await run("npx", ["tsc", "--project", "src/tsconfig.build.json"]);
}

async function copyFiles(): Promise<void> {
  for (const [from, to] of Object.entries(files)) {
    await cp(from, `dist/${to}`, { recursive: true });
  }
}

try {
  await buildPackage("client");
  await Promise.all([compileServer(), ...clientPackages.map(buildPackage)]);
  await copyFiles();
  await chmod("dist/src/cli/main.js", 0o755);
} catch (error) {
  // The compiler says what is wrong on its standard output.
  if (error instanceof Error && "stdout" in error) process.stderr.write(String(error.stdout));
  throw error;
}
