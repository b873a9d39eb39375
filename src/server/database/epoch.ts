import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Log } from "../telemetry/log.js";
import { type Database, DatabaseUnavailableError } from "./database.js";
import { databaseIdentity, currentDatabaseIdentity } from "./database-identity.js";
import type { Execute } from "./execute.js";
import { createQueryRunner } from "./query.js";

/**
 * The epoch identifies the event log that a cursor belongs to. A log that lost its last events, because it was restored from a
 * backup or because a lagging standby was promoted, reuses their sequences for other events. So it needs another epoch: then
 * an old cursor leads to InboxReset rather than to a wrong replay.
 *
 * The epoch is stored with the identity of the database (column `place`). A statement that finds the epoch of another identity
 * fails and has no effect; the epoch is renewed, and the statement is sent again. So no event and no cursor of one identity
 * contains the epoch of another, even where the server changes behind an open connection, through a pooler or a promotion.
 * Whether the new primary lacks events is unknown, so a promotion always renews the epoch.
 */

/** Part of the server's error when a statement finds the epoch of another identity. */
const otherIdentity = "epoch of another identity";

/**
 * The epoch, as an SQL expression. Its evaluation fails when the database has another identity, which {@link withRenewal}
 * handles, and on a standby (55000, recovery is in progress), whose log may lag. A cast that cannot succeed is the way to fail
 * in plain SQL.
 * It is a scalar subquery and not a join: the table has one row, but the planner estimates a thousand for a table that was
 * never analyzed, and would multiply by them.
 */
export const currentEpoch = sql.raw(`(
  select case
    when pg_is_in_recovery() then pg_current_wal_lsn()::text::uuid
    when place = ${currentDatabaseIdentity} then epoch
    else ('${otherIdentity}: ' || place)::uuid
  end from event_log)`);

function isOfOtherIdentity(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    error.code === "22P02" &&
    error.message.includes(otherIdentity)
  );
}

const renewed = "epoch renewed: the database failed over or was restored";

/** A pooler may send each attempt to another server. */
const maxAttempts = 5;

/** Sends a statement again after it found the epoch of another place and the epoch was renewed. */
export function withRenewal(execute: Execute, log: Log): Execute {
  const database = createQueryRunner(execute);
  return async (text, parameters, mode) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await execute(text, parameters, mode);
      } catch (error) {
        if (!isOfOtherIdentity(error)) throw error;
        if (attempt === maxAttempts) {
          throw new DatabaseUnavailableError(
            "the database changed its identity during each attempt; retry later",
            {
              cause: error,
            },
          );
        }
        if (await ensureEpoch(database)) log.warn(renewed);
      }
    }
  };
}

const changed = z.object({ changed: z.boolean() });

/**
 * Creates the epoch of a new database, and renews an epoch of another identity. Of concurrent calls, one renews it.
 * @returns whether this call created or renewed the epoch
 */
export async function ensureEpoch(database: Pick<Database, "many">): Promise<boolean> {
  const rows = await database.many(
    sql`
      insert into event_log (epoch, place) values (gen_random_uuid(), ${sql.raw(databaseIdentity)})
      on conflict (singleton) do update set epoch = excluded.epoch, place = excluded.place
        where event_log.place <> excluded.place
      returning json_build_object('changed', true) as result`,
    changed,
  );
  return rows.length > 0;
}

/** Ensures the epoch when an instance starts, and logs a change. */
export async function ensureEpochAtStart(database: Database, log: Log): Promise<void> {
  const isNew = (await inspectEpoch(database)) === null;
  if (!(await ensureEpoch(database))) return;
  if (isNew) log.info("epoch created");
  else log.warn(renewed);
}

/** Renews the epoch by command, for a backup that was restored in place: every client reads its inbox again. */
export async function renewEpoch(database: Database): Promise<void> {
  await database.one(
    sql`update event_log set epoch = gen_random_uuid(), place = ${sql.raw(databaseIdentity)}
      returning json_build_object('changed', true) as result`,
    changed,
  );
}

/** The epoch, renewed first if necessary. */
export function readEpoch(database: Pick<Database, "one">): Promise<string> {
  return database.one(sql`select to_json(${currentEpoch}) as result`, z.string());
}

const epochSeen = z.object({ epoch: z.string(), isCopy: z.boolean() });

/** The epoch, and whether it is of another identity, so that the next instance renews it; null: there is none yet. */
export async function inspectEpoch(
  database: Pick<Database, "many">,
): Promise<z.infer<typeof epochSeen> | null> {
  const rows = await database.many(
    sql`select json_build_object('epoch', epoch, 'isCopy', place <> ${sql.raw(databaseIdentity)}) as result from event_log`,
    epochSeen,
  );
  return rows[0] ?? null;
}
