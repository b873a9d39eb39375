import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { expect, it } from "vitest";
import { openPostgresDatabase } from "../../src/server/database/postgres-database.js";
import { ensureEpoch } from "../../src/server/database/epoch.js";
import { encodeCursor } from "../../src/server/notifications/cursor.js";
import { readHeads } from "../../src/server/notifications/event-log.js";
import { createLog } from "../../src/server/telemetry/log.js";
import { token } from "../kit/app.js";
import { notify } from "../kit/backend.js";
import { openCluster } from "../kit/cluster.js";
import { sequencesOf, upTo } from "../kit/items.js";
import { RawSubscriber } from "../kit/raw-subscriber.js";
import { backlogUsers, fillPublished } from "../live/backlog.js";
import { guarded } from "../services/process-guard.js";
import type { Crowd, CrowdReceived } from "./crowd.js";

const crowdProgram = fileURLToPath(new URL("crowd.ts", import.meta.url));

const subscribers = 2000;
/** Events that each has missed, and the sequence of the last one. */
const missed = 3;
const head = 10;

/**
 * Statements of the database for all of them. Those let in together are read together: how many that are depends on how fast
 * they come and the database answers, and the instance's own rounds go on. Read one by one, each takes one at the least.
 */
const statementBound = subscribers * 0.75;

/**
 * Live events that get through meanwhile, one after the other. Each takes a few turns of the instance's event loop, of which
 * letting the crowd in takes a hundred, however fast the machine is; if it took one, two or three would get through.
 */
const leastMeanwhile = 6;

it("2,000 subscribers that come back at once all go on after their cursors, in few statements, and starve nobody", async () => {
  await using cluster = await openCluster();
  {
    await using database = await openPostgresDatabase(cluster.databaseUrl, 1, createLog("silent"));
    await ensureEpoch(database);
    await fillPublished(cluster.databaseUrl, backlogUsers * head);
  }
  const { url } = await cluster.start({ LOG_LEVEL: "warn" });
  const cursors = await cursorsOf(cluster.databaseUrl);
  const tokens = await Promise.all(upTo(backlogUsers).map((n) => token(`user ${n - 1}`)));

  await using live = new RawSubscriber(url, await token("alice"), { userId: "alice" });
  await live.until(1);
  const statements = await countStatements(cluster.databaseUrl);
  const crowd = guarded(fork(crowdProgram, { execArgv: ["--import", "tsx"] }));
  await once(crowd, "spawn");
  const begin = performance.now();
  crowd.send({
    url,
    items: missed + 1,
    subscribers: upTo(subscribers).map((n) => {
      const user = n % backlogUsers;
      return {
        token: tokens[user] ?? "",
        variables: { userId: `user ${user}`, after: cursors[user] ?? null },
      };
    }),
  } satisfies Crowd);
  const resuming = receivedBy(crowd);
  const over = new AbortController();
  void Promise.allSettled([resuming]).then(() => over.abort());
  let meanwhile = 0;
  while (!over.signal.aborted) {
    await notify(url, "alice", `number ${meanwhile}`);
    await live.until(2 + meanwhile);
    meanwhile += 1;
  }
  const all = await resuming;
  const seconds = (performance.now() - begin) / 1000;
  const used = (await countStatements(cluster.databaseUrl)) - statements;
  process.stdout.write(
    `${subscribers} subscribers came back at once: all resumed after ${seconds.toFixed(1)} s in ${used} statements, ` +
      `while ${meanwhile} live events were written and delivered\n`,
  );
  for (const received of all) {
    expect(sequencesOf(received)).toEqual(upTo(missed).map((n) => head - missed + n));
    expect(received.at(-1)?.__typename).toBe("InboxReady");
  }
  expect(meanwhile).toBeGreaterThanOrEqual(leastMeanwhile);
  expect(used - meanwhile * statementsOfEach).toBeLessThan(statementBound);
}, 90_000);

/** A creation, and the note that it is published. */
const statementsOfEach = 2;

function receivedBy(crowd: ChildProcess): Promise<CrowdReceived> {
  return new Promise((resolve, reject) => {
    crowd.once("message", (received: CrowdReceived) => resolve(received));
    crowd.once("exit", (code) => reject(new Error(`the crowd ended with ${code}`)));
  });
}

async function cursorsOf(databaseUrl: string): Promise<string[]> {
  await using database = await openPostgresDatabase(databaseUrl, 1, createLog("silent"));
  const users = upTo(backlogUsers).map((n) => `user ${n - 1}`);
  const heads = await readHeads(database, users);
  return users.map((userId) => {
    const found = heads.find((candidate) => candidate.userId === userId);
    return encodeCursor(userId, { epoch: found?.epoch ?? "", sequence: head - missed });
  });
}

/** Transactions of this database so far, of which each is one statement. Counts of the last second may be missing. */
async function countStatements(databaseUrl: string): Promise<number> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    const [row] = await sql<{ count: number }[]>`
      SELECT xact_commit::int AS count FROM pg_stat_database WHERE datname = current_database()`;
    return row?.count ?? 0;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
