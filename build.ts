import { execFile } from "node:child_process";
import { chmod, cp, rm } from "node:fs/promises";
import { promisify } from "node:util";
import { build, defaultServerConditions } from "vite";

/**
 * Builds every package into its own dist/. The client comes before those that are built against what it ships. `dist/` of
 * the server mirrors the project, so that what its code reads besides lies at the same place.
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

/** The client package as it is written, so that the server need not wait for it. */
const conditions = ["carillon:source", ...defaultServerConditions];

async function buildPackage(name: string): Promise<void> {
  await run("npm", ["run", "build", "--workspace", `src/${name}`]);
}

/**
 * The server and its command line, with the libraries that they use: over a thousand small files, which took most of the time that
 * an instance needs to start. PGlite stays a package, since it finds its own files beside its code.
 */
async function buildServer(): Promise<void> {
  await build({
    configFile: false,
    logLevel: "warn",
    resolve: {
      // graphql refuses to meet itself, and libraries ask for it in both of its formats.
      alias: [{ find: /^graphql$/, replacement: "graphql/index.mjs" }],
      conditions,
    },
    ssr: {
      noExternal: true,
      external: ["@electric-sql/pglite"],
      resolve: { conditions },
    },
    build: {
      ssr: true,
      target: "node20",
      outDir: "dist",
      license: { fileName: "third-party-licenses.md" },
      rolldownOptions: {
        input: { "src/server/main": "src/server/main.ts", "src/cli/main": "src/cli/main.ts" },
        output: { entryFileNames: "[name].js", chunkFileNames: "src/shared/[name]-[hash].js" },
      },
    },
  });
}

async function buildPackages(): Promise<void> {
  await buildPackage("client");
  await Promise.all(clientPackages.map(buildPackage));
}

async function copyFiles(): Promise<void> {
  for (const [from, to] of Object.entries(files)) {
    await cp(from, `dist/${to}`, { recursive: true });
  }
}

try {
  await rm("dist", { recursive: true, force: true });
  await Promise.all([buildServer(), buildPackages()]);
  await copyFiles();
  await chmod("dist/src/cli/main.js", 0o755);
} catch (error) {
  // The compiler says what is wrong on its standard output.
  if (error instanceof Error && "stdout" in error) process.stderr.write(String(error.stdout));
  throw error;
}
