import { type SQL, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { type Database, UniqueViolation } from "../database/database.js";
import { type NotificationEvent, parseEvent } from "./event.js";
import { checkBulk, checkNewNotification, type NewNotification } from "./input.js";
import { type Notification, notificationSchema } from "./notification.js";
import { eventJson, hasExpired, jsonParameter, notificationJson, publishLease } from "./statements.js";

/** `notifications` in the order of the inputs; `events` of those that are new, in the order of each user's sequence. */
export interface Created {
  readonly notifications: readonly Notification[];
  readonly events: readonly NotificationEvent[];
}

const resultSchema = z.object({
  results: z.array(
    z.object({
      ordinal: z.int(),
      /** Of a new notification; null for a repeat. */
      event: z.unknown(),
      notification: notificationSchema,
    }),
  ),
});

/**
 * Creates notifications, all or nothing, each with its event. An input whose idempotency key this sender has used before,
 * in this call or an earlier one, gives the notification as it was created then.
 * @param pathOf names an input in an error, by its index
 * @throws InvalidInputError that names the first field that is wrong.
 */
export async function create(
  database: Database,
  sender: string,
  inputs: readonly NewNotification[],
  pathOf: (index: number) => string,
): Promise<Created> {
  checkBulk(inputs, "inputs");
  const now = new Date();
  for (const [index, input] of inputs.entries()) checkNewNotification(input, pathOf(index), now);

  const ordinals = firstOfSameKey(inputs);
  const rows = inputs.flatMap((input, ordinal) =>
    ordinals[ordinal] === ordinal ? [{ ordinal, id: uuidv7(), eventId: uuidv7(), ...input }] : [],
  );
  const { results } = await insert(database, sender, rows);
  const notifications = new Map(results.map(({ ordinal, notification }) => [ordinal, notification]));
  return {
    notifications: ordinals.map((ordinal) => found(notifications.get(ordinal))),
    events: results.flatMap(({ event }) => (event === null ? [] : [parseEvent(event)])),
  };
}

/** For each input the index of the first one that bears the same idempotency key: its own where it is the first. */
function firstOfSameKey(inputs: readonly NewNotification[]): number[] {
  const firsts = new Map<string, number>();
  return inputs.map(({ idempotencyKey }, index) => {
    if (idempotencyKey === null) return index;
    const first = firsts.get(idempotencyKey) ?? index;
    firsts.set(idempotencyKey, first);
    return first;
  });
}

function found(notification: Notification | undefined): Notification {
  if (notification === undefined)
    throw new Error("the statement answered fewer notifications than it was given");
  return notification;
}

/**
 * Two commands with one key at the same time: neither sees the other's, and the later one breaks the key's uniqueness, which
 * undoes all of it. Then the first one's result is there to be found. Each attempt finds one more key at the least, since
 * one that was broken stays known.
 */
async function insert(
  database: Database,
  sender: string,
  rows: readonly InputRow[],
): Promise<z.output<typeof resultSchema>> {
  const statement = createStatement(sender, rows);
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await database.one(statement, resultSchema);
    } catch (error) {
      const isKnownNow = error instanceof UniqueViolation && error.table === "idempotency_keys";
      if (!isKnownNow || attempt === rows.length) throw error;
    }
  }
}

interface InputRow extends NewNotification {
  readonly ordinal: number;
  readonly id: string;
  readonly eventId: string;
}

/** One statement; see statements.ts on what it sees. Inboxes are locked in the order of their users, against deadlocks. */
function createStatement(sender: string, rows: readonly InputRow[]): SQL {
  return sql`
    with input as materialized (
      select * from json_to_recordset(${jsonParameter(rows)}) as input(
        ordinal int, id uuid, "eventId" uuid, "userId" text, category text, title text, body text, data json,
        "actionUrl" text, priority text, "expiresAt" timestamptz(3), "idempotencyKey" text)
    ), repeated as materialized (
      select input.ordinal, known.notification
      from input join idempotency_keys known on known.sender = ${sender} and known.key = input."idempotencyKey"
    ), fresh as materialized (
      select * from input where ordinal not in (select ordinal from repeated)
    ), inbox as (
      insert into inboxes (user_id, last_sequence, unread_count, total_count)
      select "userId", count(*), count(*), count(*) from fresh group by "userId" order by "userId"
      on conflict (user_id) do update set
        last_sequence = inboxes.last_sequence + excluded.last_sequence,
        unread_count = inboxes.unread_count + excluded.unread_count,
        total_count = inboxes.total_count + excluded.total_count
      returning user_id, last_sequence, unread_count, clock_timestamp()::timestamptz(3) as at
    ), expired as (
      select user_id, (count(*) filter (where read_at is null))::int as unread from (
        select n.user_id, n.read_at from notifications n
        where n.user_id in (select user_id from inbox) and ${hasExpired}
        for share
      ) n group by user_id
    ), numbered as (
      select fresh.*, inbox.at,
        inbox.last_sequence - count(*) over everything + row_number() over in_order as sequence,
        inbox.unread_count - coalesce(expired.unread, 0) - count(*) over everything + row_number() over in_order as unread_count
      from fresh join inbox on inbox.user_id = fresh."userId" left join expired on expired.user_id = fresh."userId"
      window everything as (partition by fresh."userId"), in_order as (partition by fresh."userId" order by fresh.ordinal)
    ), created as (
      insert into notifications
        (id, user_id, created_sequence, category, title, body, data, action_url, priority, created_at, expires_at)
      select id, "userId", sequence, category, title, body, data, "actionUrl", priority, at, "expiresAt" from numbered
      returning *
    ), answered as materialized (
      select numbered.ordinal, numbered."eventId", numbered."idempotencyKey", numbered.unread_count,
        n.user_id, n.created_sequence, n.created_at, ${notificationJson} as notification
      from numbered join created n using (id)
    ), logged as (
      insert into notification_events (user_id, sequence, id, type, occurred_at, unread_count, payload, publish_after)
      select user_id, created_sequence, "eventId", 'created', created_at, unread_count,
        json_build_object('notification', notification), now() + ${publishLease}
      from answered
      returning *
    ), remembered as (
      insert into idempotency_keys (sender, key, notification, created_at)
      select ${sender}, "idempotencyKey", notification, created_at from answered where "idempotencyKey" is not null
    )
    select json_build_object('results', coalesce(json_agg(result order by result.ordinal), '[]')) as result from (
      select answered.ordinal, ${eventJson} as event, answered.notification
      from answered join logged e on e.id = answered."eventId"
      union all
      select ordinal, null, notification from repeated
    ) result`;
}
