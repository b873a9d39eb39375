import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "../database/database.js";
import type { Position } from "./cursor.js";
import { type NotificationEvent, parseEvent } from "./event.js";
import { eventJson, hasExpired, jsonParameter } from "./statements.js";

/** Where a reader of the log stands: it has had everything up to `sequence`. */
export interface ReadPosition {
  readonly userId: string;
  readonly sequence: number;
}

/** What the log held in one snapshot. */
export interface LogSlice {
  /** The head of the stream, and the badge there. */
  readonly head: Position & { readonly unreadCount: number };
  /** What comes after the position, without holes, oldest first; perhaps not all of it. */
  readonly events: readonly NotificationEvent[];
  /** Events after the position are gone: the reader cannot go on from there. */
  readonly expired: boolean;
}

const sliceSchema = z.object({
  epoch: z.string(),
  sequence: z.int(),
  unreadCount: z.int(),
  events: z.array(z.unknown()),
});

/** A slice ends with the event that reaches so many bytes of payload: a slow reader holds one slice in memory. */
const sliceBytes = 256 * 1024;

/**
 * Reads on for many readers in one statement: for each, at most `limit` events after its position, in the order given.
 * Served by the primary key of notification_events.
 */
export async function readAfter(
  database: Database,
  positions: readonly ReadPosition[],
  limit: number,
): Promise<LogSlice[]> {
  const statement = sql`
    select json_build_object(
      'epoch', log.epoch,
      'sequence', coalesce(inbox.last_sequence, 0),
      'unreadCount', coalesce(inbox.unread_count, 0) - (
        select count(*)::int from notifications n
        where n.user_id = p."userId" and ${hasExpired} and n.read_at is null),
      'events', (
        select coalesce(json_agg(${eventJson} order by e.sequence), '[]') from (
          select e.*, sum(octet_length(e.payload::text)) over (order by e.sequence) as bytes from (
            select * from notification_events e
            where e.user_id = p."userId" and e.sequence > p.sequence
            order by e.sequence limit ${limit}::int
          ) e
        ) e
        where e.bytes - octet_length(e.payload::text) < ${sliceBytes}::int
      )
    ) as result
    from json_to_recordset(${jsonParameter(positions.map((p, ordinal) => ({ ordinal, ...p })))})
      as p(ordinal int, "userId" text, sequence int)
    cross join event_log log
    left join inboxes inbox on inbox.user_id = p."userId"
    order by p.ordinal`;
  const rows = await database.many(statement, sliceSchema);
  return positions.map((position, index) => toSlice(position, rows[index]));
}

function toSlice(position: ReadPosition, row: z.output<typeof sliceSchema> | undefined): LogSlice {
  if (row === undefined) throw new Error("the statement answered fewer positions than it was given");
  const events = row.events.map(parseEvent);
  let next = position.sequence + 1;
  const contiguous = events.findIndex((event) => event.sequence !== next++);
  const kept = contiguous === -1 ? events : events.slice(0, contiguous);
  return {
    head: { epoch: row.epoch, sequence: row.sequence, unreadCount: row.unreadCount },
    events: kept,
    expired: row.sequence !== position.sequence && kept.length === 0,
  };
}

const headSchema = z.object({ userId: z.string(), epoch: z.string(), sequence: z.int() });

/** The heads of the streams of many users in one statement; users without events are left out. */
export function readHeads(
  database: Database,
  userIds: readonly string[],
): Promise<z.output<typeof headSchema>[]> {
  return database.many(
    sql`
      select json_build_object('userId', inbox.user_id, 'epoch', log.epoch, 'sequence', inbox.last_sequence) as result
      from inboxes inbox cross join event_log log
      where inbox.user_id in (select value from json_array_elements_text(${jsonParameter(userIds)}))`,
    headSchema,
  );
}

/**
 * Takes at most `limit` events that wait for a publisher, the longest waiting first, and holds them for `lease`
 * milliseconds: several relays share the work, and what one of them drops is taken again once its lease is over. Served by
 * notification_events_unpublished.
 */
export async function claimUnpublished(
  database: Database,
  limit: number,
  lease: number,
): Promise<NotificationEvent[]> {
  const rows = await database.many(
    sql`
      with claimed as (
        update notification_events e set publish_after = now() + ${lease}::int * interval '1 millisecond'
        from (
          select user_id, sequence from notification_events where publish_after <= now()
          order by publish_after limit ${limit}::int for update skip locked
        ) due
        where e.user_id = due.user_id and e.sequence = due.sequence
        returning e.*
      )
      select ${eventJson} as result from claimed e order by e.user_id, e.sequence`,
    z.unknown(),
  );
  return rows.map(parseEvent);
}

/** Remembers that the broker has confirmed these events. Doing so again changes nothing. */
export async function markPublished(
  database: Database,
  events: readonly Pick<NotificationEvent, "userId" | "sequence">[],
): Promise<void> {
  const keys = events.map(({ userId, sequence }) => ({ userId, sequence }));
  await database.many(
    sql`
      with marked as (
        update notification_events e set publish_after = null
        from json_to_recordset(${jsonParameter(keys)}) as p("userId" text, sequence int)
        where e.user_id = p."userId" and e.sequence = p.sequence and e.publish_after is not null
      )
      select null::json as result where false`,
    z.null(),
  );
}

/**
 * Forgets at most `limit` events that are older than `retention` ms, the oldest first; never one that is still to be
 * published. A reader who had not come so far gets InboxReset. Served by notification_events_by_time.
 * @returns how many
 */
export function trimEvents(database: Database, retention: number, limit: number): Promise<number> {
  return database.one(
    sql`
      with gone as (
        delete from notification_events e using (
          select user_id, sequence from notification_events
          where occurred_at < now() - ${retention}::float8 * interval '1 millisecond' and publish_after is null
          order by occurred_at limit ${limit}::int for update skip locked
        ) old
        where e.user_id = old.user_id and e.sequence = old.sequence
        returning 1
      )
      select to_json(count(*)::int) as result from gone`,
    z.int(),
  );
}
