import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Log } from "../telemetry/log.js";
import { inspectEpoch } from "./epoch.js";
import { knownMigrations } from "./migrate.js";
import { openPostgres } from "./postgres.js";
import { statementRunner } from "./statement-runner.js";

/** What a look at a PostgreSQL database found. */
export interface PostgresInspection {
  readonly version: string;
  /** Nothing can be written: a standby, or default_transaction_read_only. */
  readonly readOnly: boolean;
  readonly migrations: {
    readonly applied: number;
    /** How many this version has and the database lacks. */
    readonly missing: number;
    /** Does the database have some that this version does not know? */
    readonly newer: boolean;
  };
  /** null: there is none yet. */
  readonly epoch: string | null;
  /** The database was copied or restored since: the next start begins a new epoch. */
  readonly isCopy: boolean;
  /** Dead letters that wait for somebody to retry or discard them. */
  readonly deadLetters: number;
  /** How far the server's clock is ahead of this machine's, ms. */
  readonly clockAhead: number;
}

const facts = z.object({
  version: z.string(),
  readOnly: z.boolean(),
  hasMigrations: z.boolean(),
  hasLog: z.boolean(),
  hasDeadLetters: z.boolean(),
  now: z.number(),
});

/**
 * Looks at a database as an instance would find it, and changes nothing.
 * @param timeout of connecting and of each statement, ms
 * @throws whatever keeps it from connecting
 */
export async function inspectPostgresql(url: string, timeout: number, log: Log): Promise<PostgresInspection> {
  const pool = openPostgres({ url, poolSize: 1, connectTimeout: timeout, queryTimeout: timeout, log });
  try {
    const database = statementRunner(pool.execute);
    // What is measured next is a round trip, without the time that connecting takes.
    await database.one(sql`select to_json(1) as result`, z.number());
    const begin = Date.now();
    const found = await database.one(
      sql`
        select json_build_object(
          'version', current_setting('server_version'),
          'readOnly', current_setting('transaction_read_only')::boolean,
          'hasMigrations', to_regclass('drizzle.__drizzle_migrations') is not null,
          'hasLog', to_regclass('event_log') is not null,
          'hasDeadLetters', to_regclass('dead_letters') is not null,
          'now', (extract(epoch from clock_timestamp()) * 1000)::float8) as result`,
      facts,
    );
    const clockAhead = Math.round(found.now - (begin + Date.now()) / 2);
    const applied = found.hasMigrations
      ? await database.many(
          sql`select to_json(created_at) as result from drizzle.__drizzle_migrations`,
          z.number(),
        )
      : [];
    const known = knownMigrations();
    const epoch = found.hasLog ? await inspectEpoch(database) : null;
    return {
      version: found.version,
      readOnly: found.readOnly,
      migrations: {
        applied: applied.length,
        missing: known.filter((time) => time > Math.max(0, ...applied)).length,
        newer: applied.some((time) => time > Math.max(0, ...known)),
      },
      epoch: epoch?.epoch ?? null,
      isCopy: epoch?.isCopy ?? false,
      deadLetters: found.hasDeadLetters
        ? await database.one(sql`select to_json(count(*)::int) as result from dead_letters`, z.number())
        : 0,
      clockAhead,
    };
  } finally {
    await pool.close(timeout);
  }
}
