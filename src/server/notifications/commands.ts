import { type SQL, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import type { Database } from "../database/database.js";
import { jsonParameter } from "../database/sql-parameters.js";
import { currentEpoch } from "../database/epoch.js";
import { decodeCursor, type Position } from "./cursor.js";
import { InvalidInputError } from "./errors.js";
import { type NotificationEvent, parseEvent } from "./event.js";
import { checkBulk, checkUserId, keepValidIds } from "./input.js";
import { type Notification, notificationSchema } from "./notification.js";
import type { InboxHead } from "./queries.js";
import { type InboxChange, inboxChangeStatement, isLive } from "./sql-fragments.js";

/** What a command on one inbox did. */
export interface InboxChanged {
  readonly inbox: InboxHead;
  /** Those that were marked, newest first, by a command that names them; empty of any other command. */
  readonly notifications: readonly Notification[];
  /** null where nothing changed. */
  readonly event: NotificationEvent | null;
}

const resultSchema = z.object({
  epoch: z.string(),
  sequence: z.int(),
  unreadCount: z.int(),
  totalCount: z.int(),
  event: z.unknown(),
  notifications: z.array(notificationSchema),
});

/**
 * Marks the unread ones among `ids` as read.
 * @throws InvalidInputError when there are not 1 to 1,000 ids.
 */
export function markRead(database: Database, userId: string, ids: readonly string[]): Promise<InboxChanged> {
  checkUserId(userId, "userId");
  checkBulk(ids, "ids");
  return changeInbox(database, {
    userId,
    type: "read",
    changed: sql`
      update notifications n set read_at = (select at from locked)
      where ${isOneOf(ids)} and n.read_at is null and ${isLive}
      returning n.*`,
    answersChanged: true,
    unreadChange: sql`-count(*)`,
    totalChange: sql`0`,
    payload: sql`json_build_object('notificationIds', ${changedIds}, 'readAt', (select at from locked))`,
  });
}

/**
 * Marks the read ones among `ids` as unread again.
 * @throws InvalidInputError when there are not 1 to 1,000 ids.
 */
export function markUnread(
  database: Database,
  userId: string,
  ids: readonly string[],
): Promise<InboxChanged> {
  checkUserId(userId, "userId");
  checkBulk(ids, "ids");
  return changeInbox(database, {
    userId,
    type: "unread",
    changed: sql`
      update notifications n set read_at = null
      where ${isOneOf(ids)} and n.read_at is not null and ${isLive}
      returning n.*`,
    answersChanged: true,
    unreadChange: sql`count(*)`,
    totalChange: sql`0`,
    payload: sql`json_build_object('notificationIds', ${changedIds})`,
  });
}

/**
 * Marks everything unread as read that was created up to `upTo`, an event cursor; null: everything there is.
 * @throws InvalidInputError when `upTo` is no cursor of this inbox.
 */
export function markAllRead(database: Database, userId: string, upTo: string | null): Promise<InboxChanged> {
  checkUserId(userId, "userId");
  const bound = boundOf(userId, upTo);
  return changeInbox(
    database,
    {
      userId,
      type: "all-read",
      changed: sql`
        with unread as materialized (
          select n.id from notifications n where ${isUpTo(bound)} and n.read_at is null and ${isLive} for update
        ), rechecked as materialized (
          select n.id, n.read_at from notifications n where ${wasOvertaken} and ${isUpTo(bound)} and ${isLive} for update
        )
        update notifications n set read_at = (select at from locked)
        from (select id from unread union select id from rechecked where read_at is null) due
        where n.id = due.id
        returning n.id`,
      answersChanged: false,
      unreadChange: sql`-count(*)`,
      totalChange: sql`0`,
      payload: sql`json_build_object('readAt', (select at from locked), 'upToSequence', ${lastIncluded(bound)})`,
    },
    bound,
  );
}

/**
 * Deletes those of `ids` that are there.
 * @throws InvalidInputError when there are not 1 to 1,000 ids.
 */
export function deleteByIds(
  database: Database,
  userId: string,
  ids: readonly string[],
): Promise<InboxChanged> {
  checkUserId(userId, "userId");
  checkBulk(ids, "ids");
  return changeInbox(database, {
    userId,
    type: "deleted",
    changed: sql`
      delete from notifications n where ${isOneOf(ids)} and ${isLive}
      returning n.id, n.read_at, n.created_sequence`,
    answersChanged: false,
    unreadChange: sql`-count(*) filter (where c.read_at is null)`,
    totalChange: sql`-count(*)`,
    payload: sql`json_build_object('notificationIds', ${changedIds})`,
  });
}

/**
 * Deletes everything that was created up to `upTo`, an event cursor; null: everything there is.
 * @throws InvalidInputError when `upTo` is no cursor of this inbox.
 */
export function clear(database: Database, userId: string, upTo: string | null): Promise<InboxChanged> {
  checkUserId(userId, "userId");
  const bound = boundOf(userId, upTo);
  return changeInbox(
    database,
    {
      userId,
      type: "cleared",
      changed: sql`delete from notifications n where ${isUpTo(bound)} returning n.read_at`,
      answersChanged: false,
      unreadChange: sql`-count(*) filter (where c.read_at is null)`,
      totalChange: sql`-count(*)`,
      payload: sql`json_build_object('upToSequence', ${lastIncluded(bound)})`,
      expiredRemain: sql`not ${isUpTo(bound)}`,
    },
    bound,
  );
}

async function changeInbox(
  database: Database,
  change: Omit<InboxChange, "eventId">,
  bound: Position | null = null,
): Promise<InboxChanged> {
  const statement = inboxChangeStatement({ ...change, eventId: uuidv7() });
  const { event, notifications, ...head } = await database.one(statement, resultSchema);
  if (bound !== null && bound.epoch !== head.epoch) throw foreignCursor();
  return {
    inbox: { userId: change.userId, ...head },
    notifications,
    event: event === null ? null : parseEvent(event),
  };
}

function boundOf(userId: string, upTo: string | null): Position | null {
  if (upTo === null) return null;
  const position = decodeCursor(userId, upTo);
  if (position === null) throw foreignCursor();
  return position;
}

function foreignCursor(): InvalidInputError {
  return new InvalidInputError("upTo", "must be a cursor of this inbox or of one of its events");
}

/**
 * Another command changed the inbox while this one waited for it. What that one marked as unread was read when this statement
 * began, so `read_at is null` would skip it, and the event would say otherwise: every row has to be looked at again.
 */
const wasOvertaken = sql.raw("(select last_sequence from seen) < (select last_sequence from locked)");

/** Newest first. */
const changedIds = sql.raw("(select json_agg(id order by created_sequence desc) from changed)");

/**
 * True of a row `n` of this inbox with one of these ids. Served by the primary key: no index serves `is not distinct from`, which
 * keeps the planner from an index of the inbox, of which the statement would read every entry.
 */
function isOneOf(ids: readonly string[]): SQL {
  return sql`n.user_id is not distinct from (select user_id from locked)
    and n.id = any(array(select value::uuid from json_array_elements_text(${jsonParameter(keepValidIds(ids))})))`;
}

/** True of a row `n` of this inbox that was created up to the bound; of none when the bound is of another log. */
function isUpTo(bound: Position | null): SQL {
  const sameLog = bound === null ? sql`true` : sql`${currentEpoch} = ${bound.epoch}::uuid`;
  return sql`(n.user_id = (select user_id from locked) and n.created_sequence <= ${lastIncluded(bound)} and ${sameLog})`;
}

/** What the statement saw when it began is all that it can change: a later notification is not included. */
function lastIncluded(bound: Position | null): SQL {
  const seen = sql`(select last_sequence from seen)`;
  return bound === null ? seen : sql`least(${bound.sequence}::int, ${seen})`;
}
