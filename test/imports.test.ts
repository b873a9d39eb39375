import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const root = fileURLToPath(new URL("../src", import.meta.url));

/** The folders of src/server from the top down: a folder imports from itself and from those below it. */
const order = [
  "http",
  "graphql",
  "delivery",
  "live",
  "broker",
  "notifications",
  "database",
  "auth",
  "config",
  "validation",
  "scheduling",
  "telemetry",
];

/** Folders that import less than the order allows: from themselves and from these alone. */
const restricted: Record<string, readonly string[]> = {
  broker: ["config", "scheduling", "telemetry"],
  notifications: ["database", "validation", "scheduling"],
  scheduling: ["telemetry"],
};

/** Programs and the composition root, which may import everything in src/server. */
const roots = ["app.ts", "graceful-shutdown.ts", "main.ts", "open-http.ts", "serve.ts"];

/** What the build of a package makes part of it, so that it is not installed beside it; null: all of it, which makes a page. */
const bundledPackages: Record<string, readonly string[] | null> = { client: ["graphql-ws"], sandbox: null };

/** Packages beside src/server: none imports another by a path, and only the command line imports the server. */
const packages = ["client", "react", "apollo", "urql", "demo", "sandbox"];

/** Libraries that one folder of src/server alone may know. */
const owners: Record<string, string> = {
  amqplib: "broker/rabbitmq",
  "graphql-amqp-subscriptions": "broker/rabbitmq",
  postgres: "database",
  "@electric-sql/pglite": "database",
  fastify: "http",
  "@apollo/server": "http",
  ws: "http",
  "graphql-ws": "http",
  undici: "delivery/webhooks",
  jose: "auth",
};

interface Import {
  /** Relative to src/. */
  readonly file: string;
  readonly to: string;
}

const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
  (file) => /\.tsx?$/.test(file) && !/(^|\/)(dist|node_modules)\//.test(file),
);
const imports = files.flatMap((file) =>
  [...readFileSync(join(root, file), "utf8").matchAll(/(?:from|import|import\()\s*"([^"]+)"/g)].map(
    ([, to = ""]): Import => ({ file, to }),
  ),
);

/** The first two parts of a path, e.g. server and live. */
function placeOf(file: string): [area: string, folder: string] {
  const [area = "", folder = ""] = file.split("/");
  return [area, folder];
}

/** The file in src/ that an import means; null for a package. */
function targetOf({ file, to }: Import): string | null {
  if (!to.startsWith(".")) return null;
  return relative(root, resolve(root, dirname(file), to)).replace(/\.js$/, ".ts");
}

/** The name of a package without the path in it. */
function packageOf(to: string): string {
  return to
    .split("/")
    .slice(0, to.startsWith("@") ? 2 : 1)
    .join("/");
}

function isAllowed(found: Import): boolean {
  const target = targetOf(found);
  if (target === null) return true;
  const [fromArea, from] = placeOf(found.file);
  const [toArea, to] = placeOf(target);
  if (fromArea !== toArea) return fromArea === "cli" && toArea === "server";
  if (fromArea !== "server" || from === to || roots.includes(from)) return true;
  if (restricted[from]?.includes(to) === false) return false;
  const [above, below] = [order.indexOf(from), order.indexOf(to)];
  return above !== -1 && below > above;
}

describe("the imports of src/", () => {
  test("were found", () => {
    expect(files.length).toBeGreaterThan(200);
    expect(imports.length).toBeGreaterThan(600);
    for (const folder of order) {
      expect(files.some((file) => file.startsWith(`server/${folder}/`))).toBe(true);
    }
  });

  test("are in a folder that the order contains", () => {
    const known = new Set([...order, ...roots]);
    const strays = files.filter((file) => {
      const [area, folder] = placeOf(file);
      return area === "server" ? !known.has(folder) : area !== "cli" && !packages.includes(area);
    });
    expect(strays).toEqual([]);
  });

  test("go one way", () => {
    expect(imports.filter((found) => !isAllowed(found))).toEqual([]);
  });

  test("leave each library to the folder that it belongs to", () => {
    const strays = imports.filter(({ file, to }) => {
      const owner = owners[packageOf(to)];
      return owner !== undefined && file.startsWith("server/") && !file.startsWith(`server/${owner}/`);
    });
    expect(strays).toEqual([]);
  });

  test.each(packages)("of the package %s are of packages that it names", (name) => {
    const manifest = z
      .object({
        dependencies: z.record(z.string(), z.string()).default({}),
        peerDependencies: z.record(z.string(), z.string()).default({}),
        devDependencies: z.record(z.string(), z.string()).default({}),
      })
      .parse(JSON.parse(readFileSync(join(root, name, "package.json"), "utf8")));
    const bundled =
      bundledPackages[name] === null ? Object.keys(manifest.devDependencies) : (bundledPackages[name] ?? []);
    const named = new Set([
      ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
      ...bundled,
    ]);
    const own = imports.filter(({ file, to }) => placeOf(file)[0] === name && !to.startsWith("."));
    const strays = own.filter(
      ({ file, to }) => !named.has(packageOf(to)) && !file.endsWith("vite.config.ts"),
    );
    expect(own.length).toBeGreaterThan(0);
    expect(strays).toEqual([]);
  });
});
