import { join } from "node:path";
import { expect, it } from "vitest";
import { token } from "../kit/app.js";
import { notify } from "../kit/backend.js";
import { openCluster } from "../kit/cluster.js";
import { startInstance } from "../kit/instance.js";
import { titlesOf } from "../kit/items.js";
import { makeDirectory } from "../kit/scratch-directory.js";
import { subscribe } from "../kit/subscriber.js";
import { run } from "../services/commands.js";
import { installTimeout } from "./application.js";

/** The oldest that package.json allows, and the latest with long-term support, as the README says. */
it.each(["20.19", "24"])("the service runs on Node.js %s", { timeout: installTimeout }, async (version) => {
  await using folder = await makeDirectory();
  // The npm package `node` holds the program itself; its install script chooses the one for this machine.
  await run("npm", ["install", "--no-audit", "--no-fund", "--prefix", folder.path, `node@${version}`]);
  const node = join(folder.path, "node_modules/.bin/node");
  expect(await run(node, ["--version"])).toMatch(new RegExp(`^v${version}\\.`));

  await using cluster = await openCluster();
  await using embedded = await startInstance({}, undefined, node);
  await using first = await cluster.start({}, node);
  await using second = await cluster.start({}, node);
  for (const [written, read] of [
    [embedded, embedded],
    [first, second],
  ] as const) {
    await using tab = subscribe(read.url, await token("alice"), { userId: "alice" });
    await tab.until(1, "InboxReady");
    await notify(written.url, "alice", "Hello");
    await tab.until(1, "NotificationCreated");
    expect(titlesOf(tab.received)).toEqual(["Hello"]);
  }
  for (const instance of [embedded, first, second]) expect(await instance.stop("SIGTERM")).toBe(0);
});
