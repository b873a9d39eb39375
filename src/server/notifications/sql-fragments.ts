import { type SQL, sql } from "drizzle-orm";
import { currentEpoch } from "../database/epoch.js";
import type { EventType } from "../database/column-values.js";

/**
 * Pieces that the SQL of this folder is made of.
 *
 * Every command is ONE statement, so that no lost connection can tear it. It takes the row of the inbox first (`locked`):
 * commands on one user follow one another, and the sequence is the order of the commits. Mind what PostgreSQL does in a
 * statement that had to wait for that lock (READ COMMITTED, "EvalPlanQual" in its sources): rows that it locks or changes
 * are seen as they are NOW, all other rows as they were when the statement began, and it locks only a row that met its
 * conditions THEN. So counts that must be right are taken from the inbox's row or from rows locked in the same
 * statement, conditions on what another command may have changed are asked after the lock, and a scalar subquery on
 * `locked` makes sure that the inbox is locked before them. https://www.postgresql.org/docs/current/transaction-iso.html#XACT-READ-COMMITTED
 */

/** How long the process that committed an event has to publish it before a relay takes it over. */
export const publishLease = sql.raw("interval '2 seconds'");

/** The notification in row `n`, as notification.ts reads it. */
export const notificationJson = sql.raw(`json_build_object(
  'id', n.id, 'userId', n.user_id, 'category', n.category, 'title', n.title, 'body', n.body, 'data', n.data,
  'actionUrl', n.action_url, 'priority', n.priority, 'createdAt', n.created_at, 'readAt', n.read_at,
  'expiresAt', n.expires_at)`);

/** The event in row `e`, as event.ts reads it. */
export const eventJson = sql`json_build_object(
  'id', e.id, 'userId', e.user_id, 'epoch', ${currentEpoch}, 'sequence', e.sequence,
  'type', e.type, 'occurredAt', e.occurred_at, 'unreadCount', e.unread_count, 'payload', e.payload)`;

/** True of a row `n` that has not expired. */
export const isLive = sql.raw("(n.expires_at is null or n.expires_at > now())");

/** True of a row `n` that has expired, whether or not the sweeper has purged it. */
export const hasExpired = sql.raw("n.expires_at <= now()");

/** What tells one command on one user's inbox from another. */
export interface InboxChange {
  readonly userId: string;
  readonly eventId: string;
  readonly type: EventType;
  /** Changes rows of `notifications n` and returns what the fields below need; may refer to `locked` and `seen`. */
  readonly changed: SQL;
  /** Whether `changed` returns `n.*`, and the statement answers it: not where there is no bound to how many there are. */
  readonly answersChanged: boolean;
  /** How the changed rows (`c`) change the counts: the first at least is an aggregate, of which there is one. */
  readonly unreadChange: SQL;
  readonly totalChange: SQL;
  /** The event's payload; may refer to `changed`, `locked` and `seen`. */
  readonly payload: SQL;
  /** Which expired rows `n` are still there afterwards; all when the change touches none. */
  readonly expiredRemain?: SQL;
}

const changedJson = sql`coalesce(
  (select json_agg(${notificationJson} order by n.created_sequence desc) from changed n), '[]')`;

/**
 * The statement of a command on one inbox: changes rows, counts, and appends one event; where no row changes, it does
 * nothing. Returns one row with one JSON column `result`: `{ epoch, sequence, unreadCount, totalCount, event, notifications }`.
 */
export function inboxChangeStatement(change: InboxChange): SQL {
  return sql`
    with seen as materialized (
      select last_sequence from inboxes where user_id = ${change.userId}
    ), locked as materialized (
      select user_id, last_sequence, unread_count, total_count, clock_timestamp()::timestamptz(3) as at
      from inboxes where user_id = ${change.userId} for update
    ), changed as (
      ${change.changed}
    ), change as (
      select (${change.unreadChange})::int as unread, (${change.totalChange})::int as total from changed c
    ), expired as (
      select count(*)::int as total, (count(*) filter (where read_at is null))::int as unread from (
        select n.read_at from notifications n
        where n.user_id = (select user_id from locked) and ${hasExpired} and ${change.expiredRemain ?? sql`true`}
        for share
      ) n
    ), inbox as (
      update inboxes set
        last_sequence = last_sequence + 1,
        unread_count = unread_count + (select unread from change),
        total_count = total_count + (select total from change)
      where user_id = (select user_id from locked) and exists (select from changed)
      returning user_id, last_sequence, unread_count, total_count
    ), logged as (
      insert into notification_events (user_id, sequence, id, type, occurred_at, unread_count, payload, publish_after)
      select inbox.user_id, inbox.last_sequence, ${change.eventId}::uuid, ${change.type}, locked.at,
        inbox.unread_count - expired.unread, ${change.payload}, now() + ${publishLease}
      from inbox, locked, expired
      returning *
    )
    select json_build_object(
      'epoch', ${currentEpoch},
      'sequence', coalesce(inbox.last_sequence, locked.last_sequence, 0),
      'unreadCount', coalesce(inbox.unread_count, locked.unread_count, 0) - expired.unread,
      'totalCount', coalesce(inbox.total_count, locked.total_count, 0) - expired.total,
      'event', (select ${eventJson} from logged e),
      'notifications', ${change.answersChanged ? changedJson : sql`'[]'::json`}
    ) as result
    from expired left join locked on true left join inbox on true`;
}
