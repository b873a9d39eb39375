import postgres from "postgres";
import { ResourceStack } from "../../src/server/scheduling/resource-stack.js";
import { openCutProxy } from "./cut-proxy.js";
import { freePort } from "./free-port.js";
import { type PostgresServer, startPostgres, startStandby } from "./postgres-server.js";
import { waitUntil } from "./wait-until.js";

/** A primary, and a standby that streams from it and can take its place. */
export interface PostgresPair extends AsyncDisposable {
  /** The database `postgres` as a superuser, at the primary's address, also after another server has taken it over. */
  readonly url: string;
  readonly standby: PostgresServer;
  /** From now on nothing is acknowledged that the standby does not have. */
  makeSynchronous(): Promise<void>;
  /** Cuts the standby off, with all that the primary has by now: what follows it will lack. */
  cutOffStandby(): Promise<void>;
  /** kill -9 of the primary. The standby takes over its address, and is still a standby. */
  killPrimary(): Promise<void>;
  /** Makes the standby a primary. It takes writes as soon as this resolves; its first checkpoint may be long to come. */
  promoteStandby(): Promise<void>;
  /** What the primary held in the end: starts it again at another address, beside the one that has taken its place. */
  startFormer(): Promise<string>;
}

/** Makes both in temporary folders and starts them. */
export async function startPostgresPair(): Promise<PostgresPair> {
  const closing = new ResourceStack();
  try {
    const primary = closing.use(await startPostgres());
    const { url, port } = primary;
    const line = closing.use(await openCutProxy(url));
    const standby = closing.use(await startStandby(primary, line.url));
    return {
      url,
      standby,
      async makeSynchronous() {
        await ask(url, "ALTER SYSTEM SET synchronous_standby_names = '*'");
        await ask(url, "SELECT pg_reload_conf()");
        await waitUntil("Replicating synchronously", async () => {
          const rows = await ask(url, "SELECT FROM pg_stat_replication WHERE sync_state = 'sync'");
          return rows.length > 0;
        });
      },
      async cutOffStandby() {
        const [position] = await ask(url, "SELECT pg_current_wal_lsn()::text AS lsn");
        await waitUntil("Replicating what there is", async () => {
          const query = `SELECT pg_last_wal_replay_lsn() >= '${String(position?.["lsn"])}' AS level`;
          const [standing] = await ask(standby.url, query);
          return standing?.["level"] === true;
        });
        line.cut();
      },
      async killPrimary() {
        await primary.kill();
        await standby.stop("fast");
        await standby.start(port);
      },
      async promoteStandby() {
        await ask(standby.url, "SELECT pg_promote()");
      },
      async startFormer() {
        await primary.start(await freePort());
        return primary.url;
      },
      [Symbol.asyncDispose]: () => closing[Symbol.asyncDispose](),
    };
  } catch (error) {
    await closing[Symbol.asyncDispose]();
    throw error;
  }
}

async function ask(url: string, query: string): Promise<readonly Record<string, unknown>[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return [...(await sql.unsafe(query))];
  } finally {
    await sql.end({ timeout: 5 });
  }
}
