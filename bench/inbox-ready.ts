/**
 * Measures how long a subscription takes until InboxReady, the connecting included, on a PostgreSQL with its default settings:
 * one socket alone, and 200 at once. Programs to compare take turns, each on a new database of the same server:
 *
 *   POSTGRES_BIN=/usr/lib/postgresql/15/bin npx tsx bench/inbox-ready.ts [dist/src/server/main.js …]
 */
import { ResourceStack } from "../src/server/scheduling/resource-stack.js";
import { token } from "../test/kit/app.js";
import { notify } from "../test/kit/backend.js";
import { type Instance, startInstance } from "../test/kit/instance.js";
import { subscribe } from "./subscribe.js";
import { createDatabase } from "../test/services/database.js";
import { startPostgres } from "../test/services/postgres-server.js";

const rounds = 20;
const concurrent = 200;
const users = Array.from({ length: concurrent }, (_, index) => `user ${index}`);

interface Contestant {
  readonly program: string;
  readonly instance: Instance;
  readonly alone: number[];
  readonly together: number[];
}

/** Milliseconds until each of these users' subscriptions is live, all begun at once. */
async function timesOf(url: string, userIds: readonly string[]): Promise<number[]> {
  const tokens = await Promise.all(userIds.map((userId) => token(userId)));
  return await Promise.all(
    userIds.map(async (userId, index) => {
      const begin = performance.now();
      await using tab = subscribe(url, tokens[index] ?? "", { userId });
      await tab.until(1, "InboxReady");
      return performance.now() - begin;
    }),
  );
}

/** The median and the slowest of twenty. */
function summaryOf(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    `${(sorted[Math.floor(share * sorted.length)] ?? Number.NaN).toFixed(0)} ms`;
  return `median ${at(0.5)}, 95 % ${at(0.95)}`;
}

await using closing = new ResourceStack();
const server = closing.use(await startPostgres());
const contestants: Contestant[] = [];
for (const program of process.argv.length > 2 ? process.argv.slice(2) : ["dist/src/server/main.js"]) {
  const database = closing.use(await createDatabase(server.url));
  const instance = closing.use(
    await startInstance({ DATABASE_URL: database.url, LOG_LEVEL: "error" }, [program]),
  );
  for (const userId of users) await notify(instance.url, userId, "the first");
  contestants.push({ program, instance, alone: [], together: [] });
}
for (let round = 0; round < rounds; round += 1) {
  for (const { instance, alone, together } of contestants) {
    alone.push(...(await timesOf(instance.url, users.slice(round, round + 1))));
    together.push(...(await timesOf(instance.url, users)));
  }
}
for (const { program, alone, together } of contestants) {
  process.stdout.write(
    `${program}: 1 socket: ${summaryOf(alone)}; ${concurrent} at once: ${summaryOf(together)}\n`,
  );
}
