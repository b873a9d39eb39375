import { once } from "node:events";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { jwtSecret, token } from "../kit/app.js";
import { inboxOf, notify } from "../kit/backend.js";
import { startInstance } from "../kit/instance.js";
import { sequencesOf } from "../kit/items.js";
import { runToExit } from "../kit/run-to-exit.js";
import { makeDataDirectory } from "../kit/data-directory.js";
import { subscribe } from "../kit/subscriber.js";

/*
 * Two processes on one embedded database. What either acknowledges is there after a restart, with a sequence of its own.
 */

it(
  "a process that is stopped keeps its data directory, and another may have it as soon as it is dead",
  { timeout: 120_000 },
  async () => {
    await using folder = await makeDataDirectory();
    const environment = { DATA_DIR: folder.path, AUTH_JWT_SECRET: jwtSecret };
    await using first = await startInstance(environment);
    await notify(first.url, "alice", "before the stop");
    first.process.kill("SIGSTOP");
    const refused = await runToExit(environment);
    expect(refused).toMatchObject({
      code: 1,
      errors: [expect.stringMatching(/^Carillon cannot start: DATA_DIR .* is in use by another process/)],
    });

    first.process.kill("SIGCONT");
    await notify(first.url, "alice", "after the stop");
    first.process.kill("SIGSTOP");
    first.process.kill("SIGKILL");
    await using second = await startInstance(environment);
    expect(await titlesIn(second.url)).toEqual(["before the stop", "after the stop"]);
  },
);

it(
  "a process that was stopped while its lock was deleted ends before it writes again",
  { timeout: 120_000 },
  async () => {
    await using folder = await makeDataDirectory();
    const environment = { DATA_DIR: folder.path, AUTH_JWT_SECRET: jwtSecret };
    await using first = await startInstance(environment);
    const { cursor } = await inboxOf(first.url, "alice");
    await notify(first.url, "alice", "by the first");
    first.process.kill("SIGSTOP");
    await rm(join(folder.path, "locks"), { recursive: true });
    await using second = await startInstance(environment);
    await notify(second.url, "alice", "by the second");

    const ended = once(first.process, "exit");
    first.process.kill("SIGCONT");
    await expect(notify(first.url, "alice", "too late")).rejects.toThrow();
    expect(await ended).toEqual([1, null]);
    expect(first.output()).toContain(`Carillon ends: the lock of DATA_DIR ${folder.path} is lost`);
    await notify(second.url, "alice", "by the second again");
    expect(await second.stop("SIGTERM")).toBe(0);

    await using third = await startInstance(environment);
    expect(await titlesIn(third.url)).toEqual(["by the first", "by the second", "by the second again"]);
    // The log goes on in the same epoch, and gave out no number twice.
    await using tab = subscribe(third.url, await token("alice"), { userId: "alice", after: cursor });
    await tab.until(4);
    expect(sequencesOf(tab.received)).toEqual([1, 2, 3]);
  },
);

it(
  "a process whose data directory is moved away ends, and nobody has to ask it anything",
  { timeout: 120_000 },
  async () => {
    await using folder = await makeDataDirectory();
    const directory = join(folder.path, "data");
    await using instance = await startInstance({ DATA_DIR: directory });
    const ended = once(instance.process, "exit");
    await rename(directory, join(folder.path, "elsewhere"));
    expect(await ended).toEqual([1, null]);
  },
);

it(
  "of two that start at the same time one is ready, and the other says why it is not",
  { timeout: 120_000 },
  async () => {
    await using folder = await makeDataDirectory();
    const environment = { DATA_DIR: folder.path, AUTH_JWT_SECRET: jwtSecret };
    const both = await Promise.allSettled([startInstance(environment), startInstance(environment)]);
    const ready = both.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    const refused = both.flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : []));
    try {
      expect(ready).toHaveLength(1);
      expect(refused).toEqual([
        expect.stringMatching(/the instance ended with 1:\n[^]*DATA_DIR .* is in use/),
      ]);
    } finally {
      for (const instance of ready) await instance[Symbol.asyncDispose]();
    }
  },
);

/** Titles of alice's notifications, the oldest first. */
async function titlesIn(url: string): Promise<string[]> {
  const { notifications } = await inboxOf(url, "alice");
  return notifications.nodes.map(({ title }) => title).toReversed();
}
