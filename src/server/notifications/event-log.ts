import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "../database/database.js";
import { jsonParameter, literal } from "../database/sql-parameters.js";
import { currentEpoch } from "../database/epoch.js";
import type { Position } from "./cursor.js";
import { type NotificationEvent, parseEvent } from "./event.js";
import { eventJson, hasExpired } from "./sql-fragments.js";

/** The position of a reader of the log: it has received everything up to `sequence`. */
export interface ReadPosition {
  readonly userId: string;
  readonly sequence: number;
}

/** A part of the log, from one snapshot. */
export interface LogSlice {
  /** The head of the stream, and the unread count there. */
  readonly head: Position & { readonly unreadCount: number };
  /** The events after the position, without gaps, oldest first; possibly not all of them. */
  readonly events: readonly NotificationEvent[];
  /** Events after the position were purged: the reader cannot resume from there. */
  readonly expired: boolean;
}

const sliceSchema = z.object({
  epoch: z.string(),
  sequence: z.int(),
  unreadCount: z.int(),
  events: z.array(z.unknown()),
});

/** A slice ends with the event that reaches this many bytes of payload: a slow reader keeps one slice in memory. */
const sliceBytes = 256 * 1024;

/**
 * Reads for many readers in one statement: for each, at most `limit` events after its position, in the order given.
 * Served by the primary key of notification_events.
 */
export async function readAfter(
  database: Database,
  positions: readonly ReadPosition[],
  limit: number,
): Promise<LogSlice[]> {
  const statement = sql`
    select json_build_object(
      'epoch', ${currentEpoch},
      'sequence', coalesce(inbox.last_sequence, 0),
      'unreadCount', coalesce(inbox.unread_count, 0) - (
        select count(*)::int from notifications n
        where n.user_id = p."userId" and ${hasExpired} and n.read_at is null),
      'events', (
        select coalesce(json_agg(${eventJson} order by e.sequence), '[]') from (
          select e.*, sum(octet_length(e.payload::text)) over (order by e.sequence) as bytes from (
            select * from notification_events e
            where e.user_id = p."userId" and e.sequence > p.sequence
            order by e.sequence limit ${literal(limit)}
          ) e
        ) e
        where e.bytes - octet_length(e.payload::text) < ${literal(sliceBytes)}
      )
    ) as result
    from json_to_recordset(${jsonParameter(positions.map((p, ordinal) => ({ ordinal, ...p })))})
      as p(ordinal int, "userId" text, sequence int)
    left join inboxes inbox on inbox.user_id = p."userId"
    order by p.ordinal`;
  const rows = await database.many(statement, sliceSchema);
  return positions.map((position, index) => toSlice(position, rows[index]));
}

function toSlice(position: ReadPosition, row: z.output<typeof sliceSchema> | undefined): LogSlice {
  if (row === undefined) throw new Error("the statement returned fewer rows than it was given positions");
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

/**
 * Reads the heads of the streams of many users in one statement. A user without events has the head 0: the events may have
 * been lost with the database's last transactions, which the epoch shows.
 */
export function readHeads(
  database: Database,
  userIds: readonly string[],
): Promise<z.output<typeof headSchema>[]> {
  return database.many(
    sql`
      select json_build_object('userId', u.id, 'epoch', ${currentEpoch}, 'sequence', coalesce(
        (select inbox.last_sequence from inboxes inbox where inbox.user_id = u.id), 0)) as result
      from json_array_elements_text(${jsonParameter(userIds)}) as u(id)`,
    headSchema,
  );
}

/**
 * Claims at most `limit` unpublished events, the longest waiting first, for `lease` milliseconds: several relays share the
 * work, and events whose lease has expired are claimed again. Served by notification_events_unpublished. It then finds the
 * rows that it locked by their physical position (`ctid`), whatever number of rows the planner estimates.
 */
export async function claimUnpublished(
  database: Database,
  limit: number,
  lease: number,
): Promise<NotificationEvent[]> {
  const rows = await database.many(
    sql`
      with claimed as (
        update notification_events set publish_after = now() + ${lease}::int * interval '1 millisecond'
        where ctid = any(array(
          select ctid from notification_events where publish_after <= now()
          order by publish_after limit ${literal(limit)} for update skip locked))
        returning *
      )
      select ${eventJson} as result from claimed e order by e.user_id, e.sequence`,
    z.unknown(),
  );
  return rows.map(parseEvent);
}

/**
 * Marks events as confirmed by the broker. Idempotent. An event that the database has lost is skipped: its sequence may belong
 * to another event now.
 */
export async function markPublished(
  database: Database,
  events: readonly Pick<NotificationEvent, "userId" | "sequence" | "id">[],
): Promise<void> {
  // In one order, against deadlocks with another process that marks the same events.
  const keys = events
    .map(({ userId, sequence, id }) => ({ userId, sequence, id }))
    .toSorted((a, b) => (a.userId === b.userId ? a.sequence - b.sequence : a.userId < b.userId ? -1 : 1));
  await database.many(
    sql`
      with marked as (
        update notification_events e set publish_after = null
        from json_to_recordset(${jsonParameter(keys)}) as p("userId" text, sequence int, id uuid)
        where e.user_id = p."userId" and e.sequence = p.sequence and e.id = p.id and e.publish_after is not null
      )
      select null::json as result where false`,
    z.null(),
  );
}

/**
 * Purges at most `limit` events that are older than `retention` ms, the oldest first, and never an unpublished one. A reader
 * that has not received them gets InboxReset. Served by notification_events_by_time.
 * @returns how many
 */
export function purgeEvents(database: Database, retention: number, limit: number): Promise<number> {
  return database.one(
    sql`
      with gone as (
        delete from notification_events where ctid = any(array(
          select ctid from notification_events
          where occurred_at < now() - ${retention}::float8 * interval '1 millisecond' and publish_after is null
          order by occurred_at limit ${literal(limit)} for update skip locked))
        returning 1
      )
      select to_json(count(*)::int) as result from gone`,
    z.int(),
  );
}
