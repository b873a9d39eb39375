import { sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import type { Database } from "../database/database.js";
import { type NotificationEvent, parseEvent } from "./event.js";
import { eventJson, hasExpired, jsonParameter, publishLease } from "./statements.js";

/**
 * Purges at most `limit` notifications that have expired, with one event a user. Inboxes that a command holds at the
 * moment are left for the next time, so a sweeper waits for nobody, and several may sweep at once. Served by
 * notifications_expiring. One statement; see statements.ts on what it sees.
 */
export async function purgeExpired(database: Database, limit: number): Promise<NotificationEvent[]> {
  // Event ids come from here, as they do for every command: one for each user that there may be.
  const eventIds = Array.from({ length: limit }, () => uuidv7());
  const rows = await database.many(
    sql`
      with due as materialized (
        select n.id, n.user_id from notifications n where ${hasExpired} order by n.expires_at limit ${limit}::int
      ), locked as materialized (
        select user_id, clock_timestamp()::timestamptz(3) as at from inboxes
        where user_id in (select user_id from due) order by user_id for update skip locked
      ), gone as (
        delete from notifications n using locked
        where n.user_id = locked.user_id and n.id in (select id from due) and ${hasExpired}
        returning n.id, n.user_id, n.read_at
      ), tally as materialized (
        select user_id, count(*)::int as total, (count(*) filter (where read_at is null))::int as unread,
          json_agg(id) as ids, row_number() over (order by user_id) as ordinal
        from gone group by user_id
      ), expired as (
        select user_id, (count(*) filter (where read_at is null))::int as unread from (
          select n.user_id, n.read_at from notifications n
          where n.user_id in (select user_id from tally) and ${hasExpired} and n.id not in (select id from due)
          for share
        ) n group by user_id
      ), inbox as (
        update inboxes set
          last_sequence = last_sequence + 1,
          unread_count = unread_count - tally.unread,
          total_count = total_count - tally.total
        from tally where inboxes.user_id = tally.user_id
        returning inboxes.user_id, last_sequence, unread_count
      ), logged as (
        insert into notification_events (user_id, sequence, id, type, occurred_at, unread_count, payload, publish_after)
        select inbox.user_id, inbox.last_sequence, ids.value::uuid, 'deleted', locked.at,
          inbox.unread_count - coalesce(expired.unread, 0), json_build_object('notificationIds', tally.ids),
          now() + ${publishLease}
        from inbox
        join tally on tally.user_id = inbox.user_id
        join locked on locked.user_id = inbox.user_id
        join json_array_elements_text(${jsonParameter(eventIds)}) with ordinality as ids(value, ordinal)
          on ids.ordinal = tally.ordinal
        left join expired on expired.user_id = inbox.user_id
        returning *
      )
      select ${eventJson} as result from logged e`,
    z.unknown(),
  );
  return rows.map(parseEvent);
}

/** Forgets at most `limit` idempotency keys that are older than a day. Served by idempotency_keys_by_time. */
export async function purgeIdempotencyKeys(database: Database, limit: number): Promise<number> {
  return await database.one(
    sql`
      with gone as (
        delete from idempotency_keys where (sender, key) in (
          select sender, key from idempotency_keys where created_at < now() - interval '25 hours'
          order by created_at limit ${limit}::int for update skip locked
        ) returning 1
      )
      select to_json(count(*)::int) as result from gone`,
    z.int(),
  );
}
