import { expect, it } from "vitest";
import { jwtSecret, token } from "../kit/app.js";
import { inboxOf, notify } from "../kit/backend.js";
import { startInstance } from "../kit/instance.js";
import { inWords } from "../kit/items.js";
import { runToExit } from "../kit/run-to-exit.js";
import { makeDirectory } from "../kit/scratch-directory.js";
import { subscribe } from "../kit/subscriber.js";

it(
  "an embedded database is one process's at a time, and outlives a process that is killed",
  { timeout: 60_000 },
  async () => {
    await using folder = await makeDirectory();
    const environment = { DATA_DIR: folder.path, AUTH_JWT_SECRET: jwtSecret };
    await using first = await startInstance(environment);
    await notify(first.url, "alice", "before");
    await using before = subscribe(first.url, await token("alice"), { userId: "alice" });
    const [ready] = await before.until(1, "InboxReady");
    await notify(first.url, "alice", "acknowledged");

    const second = await runToExit(environment);
    expect(second.code).toBe(1);
    expect(second.errors).toEqual([
      `Carillon cannot start: DATA_DIR ${folder.path} is in use by another process: ` +
        "stop that one, or set another DATA_DIR, or DATABASE_URL",
    ]);
    expect(await inboxOf(first.url, "alice")).toMatchObject({ totalCount: 2 });

    await first.stop("SIGKILL");
    await using third = await startInstance(environment);
    expect(await inboxOf(third.url, "alice")).toMatchObject({ totalCount: 2, unreadCount: 2 });
    // The log continues in the same epoch: a tab that comes back is not reset.
    await using after = subscribe(third.url, await token("alice"), {
      userId: "alice",
      after: ready?.cursor ?? "",
    });
    await after.until(1, "InboxReady");
    await notify(third.url, "alice", "after");
    await after.until(3);
    expect(after.received.map(inWords)).toEqual([
      "2 NotificationCreated 'acknowledged'",
      "InboxReady",
      "3 NotificationCreated 'after'",
    ]);
  },
);
