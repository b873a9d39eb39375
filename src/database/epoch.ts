import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "./database.js";

/**
 * The epoch names the event log that every cursor counts in. A log that was restored from a backup may use a sequence
 * again for another event, so it needs another epoch: then each old cursor gives InboxReset rather than a wrong replay.
 */

/**
 * Cluster, timeline and database of this connection. A dump that is restored into another database or cluster, and a
 * standby that was promoted, differ in one of them.
 * https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-CONTROLDATA
 */
const place = sql.raw(`(
  (select system_identifier from pg_control_system()) || '/' ||
  (select timeline_id from pg_control_checkpoint()) || '/' ||
  (select oid from pg_database where datname = current_database()))`);

const changed = z.object({ changed: z.boolean() });

/**
 * Makes the epoch of a new database, and a new one where the database is not in the place in which the epoch was made.
 * @returns whether there is a new epoch.
 */
export async function ensureEpoch(database: Database): Promise<boolean> {
  const rows = await database.many(
    sql`
      insert into event_log (epoch, place) values (gen_random_uuid(), ${place})
      on conflict (singleton) do update set epoch = excluded.epoch, place = excluded.place
        where event_log.place <> excluded.place
      returning json_build_object('changed', true) as result`,
    changed,
  );
  return rows.length > 0;
}

/** Begins a new epoch by command, for a backup that was restored in place: every client reads its inbox anew. */
export async function renewEpoch(database: Database): Promise<void> {
  await database.one(
    sql`update event_log set epoch = gen_random_uuid(), place = ${place}
      returning json_build_object('changed', true) as result`,
    changed,
  );
}

const epochSeen = z.object({ epoch: z.string(), isCopy: z.boolean() });

/**
 * The epoch, and whether the database is a copy, for which the next start makes a new one. Null: there is none yet.
 */
export async function inspectEpoch(
  database: Pick<Database, "many">,
): Promise<z.infer<typeof epochSeen> | null> {
  const rows = await database.many(
    sql`select json_build_object('epoch', epoch, 'isCopy', place <> ${place}) as result from event_log`,
    epochSeen,
  );
  return rows[0] ?? null;
}
