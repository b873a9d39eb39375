import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { startInstance } from "./kit/instance.js";
import { makeDirectory } from "./kit/scratch-directory.js";

const run = promisify(execFile);
const project = fileURLToPath(new URL("..", import.meta.url));

it("the package has what an application needs that installs it, and starts from there", async () => {
  await using scratch = await makeDirectory();
  const folder = await install(scratch.path);

  const exported = Object.keys(manifest.exports);
  await writeFile(
    join(scratch.path, "app.mjs"),
    `for (const name of ${JSON.stringify(exported)}) {
      if (!name.endsWith(".css")) console.log(name, Object.keys(await import("carillon" + name.slice(1))).length > 0);
    }`,
  );
  const { stdout } = await run(process.execPath, ["app.mjs"], { cwd: scratch.path });
  const modules = exported.filter((name) => !name.endsWith(".css"));
  expect(stdout.trim().split("\n")).toEqual(modules.map((name) => `${name} true`));
  expect(await readFile(join(folder, "src/react/inbox.css"), "utf8")).toContain("--carillon-");

  const help = await run(process.execPath, [join(folder, "dist/cli/main.js"), "--version"]);
  expect(help.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);

  await using instance = await startInstance({}, [join(folder, "dist/main.js")]);
  for (const path of ["/", "/graphql", "/health/ready"]) {
    const { status } = await fetch(instance.url + path, { headers: { accept: "text/html" } });
    expect(status, path).toBe(200);
  }
});

/** Packs the project and lays it into an application's folder as npm would, beside the packages that it needs. */
async function install(application: string): Promise<string> {
  await run("npm", ["pack", "--ignore-scripts", "--pack-destination", application], { cwd: project });
  const archive = (await readdir(application)).find((name) => name.endsWith(".tgz"));
  await run("tar", ["-xzf", archive ?? ""], { cwd: application });
  const modules = join(application, "node_modules");
  await mkdir(modules);
  for (const name of await readdir(join(project, "node_modules"))) {
    await symlink(join(project, "node_modules", name), join(modules, name));
  }
  const folder = join(modules, "carillon");
  await rename(join(application, "package"), folder);
  return folder;
}
