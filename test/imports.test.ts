import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../src", import.meta.url));

/** From the top down: a folder imports from itself and from those below it. */
const order = [
  "http",
  "graphql",
  "delivery",
  "live",
  "notifications",
  "broker",
  "database",
  "auth",
  "config.ts",
  "telemetry",
];

/** Libraries that one place alone may know. */
const owners: Record<string, string> = {
  commander: "cli",
  picocolors: "cli",
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

/** May use everything: the composition root and the programs. */
const roots = ["app.ts", "main.ts", "serve.ts", "cli"];

/** What runs elsewhere than the service, and uses nothing of it: each may import from itself and from these. */
const clients: Readonly<Record<string, readonly string[]>> = {
  client: [],
  react: ["client"],
  apollo: ["client"],
  urql: ["client"],
  demo: ["client", "react"],
};

/** Used by the roots alone. */
const rootParts = ["closing.ts", "version.ts"];

interface Import {
  readonly file: string;
  readonly to: string;
}

const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) => /\.tsx?$/.test(file));
const imports = files.flatMap((file) =>
  [...readFileSync(join(root, file), "utf8").matchAll(/(?:from|import|import\()\s*"([^"]+)"/g)].map(
    ([, to = ""]): Import => ({ file, to }),
  ),
);

function folderOf(file: string): string {
  return file.split("/")[0] ?? file;
}

/** The file in src/ that an import means; null for a library. */
function target({ file, to }: Import): string | null {
  if (!to.startsWith(".")) return null;
  return relative(root, resolve(root, dirname(file), to)).replace(/\.js$/, ".ts");
}

function isAllowed(found: Import): boolean {
  const { file } = found;
  const to = target(found);
  if (to === null || roots.includes(folderOf(file))) return true;
  const [from, into] = [folderOf(file), folderOf(to)];
  if (from === into || clients[from]?.includes(into) === true) return true;
  const [above, below] = [order.indexOf(from), order.indexOf(into)];
  return above !== -1 && below > above;
}

describe("the imports of src/", () => {
  test("were found", () => {
    expect(files.length).toBeGreaterThan(40);
    expect(imports.length).toBeGreaterThan(150);
    for (const folder of order) expect(files.some((file) => folderOf(file) === folder)).toBe(true);
  });

  test("stand in a folder that has its place in the order", () => {
    const known = new Set([...order, ...roots, ...rootParts, ...Object.keys(clients)]);
    expect(files.filter((file) => !known.has(folderOf(file)))).toEqual([]);
  });

  test("go one way", () => {
    expect(imports.filter((found) => !isAllowed(found))).toEqual([]);
  });

  test("leave each library to the folder that it belongs to", () => {
    const strays = imports.filter(({ file, to }) => {
      const owner =
        owners[to] ??
        owners[
          to
            .split("/")
            .slice(0, to.startsWith("@") ? 2 : 1)
            .join("/")
        ];
      return (
        owner !== undefined &&
        !file.startsWith(`${owner}/`) &&
        !(folderOf(file) in clients) &&
        folderOf(file) !== "cli"
      );
    });
    expect(strays).toEqual([]);
  });
});
