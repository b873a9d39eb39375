import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startInstance } from "../kit/instance.js";
import { createApplication, installTimeout, pack } from "./application.js";

it(
  "starts and serves from its packed file and PGlite alone, without sources and tests",
  { timeout: installTimeout },
  async () => {
    await using application = await createApplication();
    await application.install(...(await pack(application.path, null)));
    const installed = await application.installed();
    expect([...installed.keys()].toSorted()).toEqual(["@electric-sql/pglite", "carillon"]);
    const folder = join(application.path, "node_modules/carillon");

    const files = await readdir(folder, { recursive: true });
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((name) => /(?<!\.d)\.tsx?$|\.map$|\.test\./.test(name))).toEqual([]);

    const version = await application.node(join(folder, "dist/src/cli/main.js"), "--version");
    expect(version).toMatch(/^\d+\.\d+\.\d+\n$/);

    await using instance = await startInstance({ AUTH_JWT_SECRET: "" }, [
      join(folder, "dist/src/server/main.js"),
    ]);
    for (const path of ["/", "/graphql", "/health/ready"]) {
      const { status } = await fetch(instance.url + path, { headers: { accept: "text/html" } });
      expect(status, path).toBe(200);
    }
  },
);
