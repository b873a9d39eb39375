import { sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import type { Database } from "../database/database.js";
import { purgeOldRows } from "../database/purge-old-rows.js";
import { jsonParameter, literal } from "../database/sql-parameters.js";
import { idempotencyKeys } from "../database/tables.js";
import { type NotificationEvent, parseEvent } from "./event.js";
import { eventJson, hasExpired, publishLease } from "./sql-fragments.js";

/**
 * Purges at most `limit` notifications that have expired, with one event a user. Inboxes that a command holds at the
 * moment are skipped until the next sweep, so that a sweeper never waits, and several can run concurrently. Served by
 * notifications_expiring. One statement; see sql-fragments.ts on what it sees.
 */
export async function purgeExpired(database: Database, limit: number): Promise<NotificationEvent[]> {
  // As for every command, the process makes the event ids: one for each of at most `limit` users.
  const eventIds = Array.from({ length: limit }, () => uuidv7());
  const rows = await database.many(
    sql`
      with due as materialized (
        select n.id, n.user_id from notifications n where ${hasExpired} order by n.expires_at limit ${literal(limit)}
      ), locked as materialized (
        select user_id, clock_timestamp()::timestamptz(3) as at from inboxes
        where user_id in (select user_id from due) order by user_id for update skip locked
      ), gone as (
        delete from notifications n using locked
        where n.user_id = locked.user_id and n.id in (select id from due) and ${hasExpired}
        returning n.id, n.user_id, n.read_at
      ), counted as materialized (
        select user_id, count(*)::int as total, (count(*) filter (where read_at is null))::int as unread,
          json_agg(id) as ids, row_number() over (order by user_id) as ordinal
        from gone group by user_id
      ), expired as (
        select user_id, (count(*) filter (where read_at is null))::int as unread from (
          select n.user_id, n.read_at from notifications n
          where n.user_id in (select user_id from counted) and ${hasExpired} and n.id not in (select id from due)
          for share
        ) n group by user_id
      ), inbox as (
        update inboxes set
          last_sequence = last_sequence + 1,
          unread_count = unread_count - counted.unread,
          total_count = total_count - counted.total
        from counted where inboxes.user_id = counted.user_id
        returning inboxes.user_id, last_sequence, unread_count
      ), logged as (
        insert into notification_events (user_id, sequence, id, type, occurred_at, unread_count, payload, publish_after)
        select inbox.user_id, inbox.last_sequence, ids.value::uuid, 'deleted', locked.at,
          inbox.unread_count - coalesce(expired.unread, 0), json_build_object('notificationIds', counted.ids),
          now() + ${publishLease}
        from inbox
        join counted on counted.user_id = inbox.user_id
        join locked on locked.user_id = inbox.user_id
        join json_array_elements_text(${jsonParameter(eventIds)}) with ordinality as ids(value, ordinal)
          on ids.ordinal = counted.ordinal
        left join expired on expired.user_id = inbox.user_id
        returning *
      )
      select ${eventJson} as result from logged e`,
    z.unknown(),
  );
  return rows.map(parseEvent);
}

/** A sender repeats a request within a day. */
const idempotencyKeyRetention = 25 * 60 * 60 * 1000;

/**
 * Purges at most `limit` idempotency keys that are older than a day. Served by idempotency_keys_by_time.
 * @returns how many
 */
export async function purgeIdempotencyKeys(database: Database, limit: number): Promise<number> {
  const { sender, key, createdAt } = idempotencyKeys;
  return await purgeOldRows(database, {
    table: idempotencyKeys,
    key: [sender, key],
    time: createdAt,
    retention: idempotencyKeyRetention,
    limit,
  });
}
