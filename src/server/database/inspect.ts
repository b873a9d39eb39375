import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Log } from "../telemetry/log.js";
import type { Database } from "./database.js";
import { inspectEpoch } from "./epoch.js";
import { readApplied } from "./migrate.js";
import { compareSchema } from "./migrations.js";
import { ping } from "./ping.js";
import { openPostgresPool } from "./postgres-pool.js";
import { type Explanation, explainServer, serverFacts, serverFactsSql } from "./startup-check.js";
import { createQueryRunner } from "./query.js";

/** What an inspection of a PostgreSQL database found. */
export interface DatabaseInspection {
  readonly version: string;
  /** Why an instance cannot start on it: too old, read-only … */
  readonly problems: readonly Explanation[];
  /** Commits survive a crash of the server: neither fsync nor synchronous_commit is off. */
  readonly durable: boolean;
  readonly migrations: {
    readonly applied: number;
    /** How many the database lacks. */
    readonly missing: number;
    /** How many this version does not know. */
    readonly unknown: number;
    /** Why this version cannot run on the schema; null: it can. */
    readonly refusal: string | null;
  };
  /** null: there is none yet. */
  readonly epoch: string | null;
  /** The database was copied, restored or failed over: the next instance renews the epoch. */
  readonly isCopy: boolean;
  /** How many there are. */
  readonly deadLetters: number;
  /** By how much the server's clock is ahead of this machine's, ms. */
  readonly clockAhead: number;
}

const facts = serverFacts.extend({
  durable: z.boolean(),
  hasLog: z.boolean(),
  hasDeadLetters: z.boolean(),
  now: z.number(),
});

/**
 * Inspects a database without a change to it.
 * @param timeout of connecting and of each statement, ms
 * @throws the error of connecting
 */
export async function inspectDatabase(url: string, timeout: number, log: Log): Promise<DatabaseInspection> {
  const pool = openPostgresPool({ url, poolSize: 1, connectTimeout: timeout, queryTimeout: timeout, log });
  try {
    return await inspect(createQueryRunner(pool.execute));
  } finally {
    await pool.close(timeout);
  }
}

/** Inspects an open database. */
export async function inspect(database: Pick<Database, "one" | "many">): Promise<DatabaseInspection> {
  // Connects, so that the next statement measures a round trip alone.
  await ping(database);
  const begin = Date.now();
  const found = await database.one(
    sql`
        select json_build_object(
          ${sql.raw(serverFactsSql)},
          'durable', 'off' not in (current_setting('fsync'), current_setting('synchronous_commit')),
          'hasLog', to_regclass('event_log') is not null,
          'hasDeadLetters', to_regclass('dead_letters') is not null,
          'now', (extract(epoch from clock_timestamp()) * 1000)::float8) as result`,
    facts,
  );
  const clockAhead = Math.round(found.now - (begin + Date.now()) / 2);
  const applied = await readApplied(async (text) => {
    const results = await database.many(sql.raw(text), z.unknown());
    return results.map((result) => ({ result }));
  });
  const { missing, unknown, refusal } = compareSchema(applied);
  const epoch = found.hasLog ? await inspectEpoch(database) : null;
  return {
    version: found.version,
    problems: explainServer(found),
    durable: found.durable,
    migrations: {
      applied: applied.length,
      missing: missing.length,
      unknown: unknown.length,
      refusal,
    },
    epoch: epoch?.epoch ?? null,
    isCopy: epoch?.isCopy ?? false,
    deadLetters: found.hasDeadLetters
      ? await database.one(sql`select to_json(count(*)::int) as result from dead_letters`, z.number())
      : 0,
    clockAhead,
  };
}
