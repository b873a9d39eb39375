import { type SQL, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { type Database, UniqueViolation } from "../database/database.js";
import { jsonParameter } from "../database/sql-parameters.js";
import { type NotificationEvent, parseEvent } from "./event.js";
import { InvalidInputError } from "./errors.js";
import { checkBulk, checkNewNotification, hasPassed, type NewNotification, notInFuture } from "./input.js";
import { hashInput } from "./input-hash.js";
import { instant, type Notification, notificationSchema } from "./notification.js";
import { eventJson, hasExpired, notificationJson, publishLease } from "./sql-fragments.js";

/** `notifications` in the order of the inputs; `events` of those that are new, in the order of each user's sequence. */
export interface Created {
  readonly notifications: readonly Notification[];
  readonly events: readonly NotificationEvent[];
}

const resultSchema = z.object({
  created: z.array(z.object({ ordinal: z.int(), event: z.unknown(), notification: notificationSchema })),
  /** Inputs whose key is known, and whether they ask for the same as then. */
  repeated: z.array(z.object({ ordinal: z.int(), id: z.string(), createdAt: instant, same: z.boolean() })),
});

type Result = z.output<typeof resultSchema>;

/**
 * Creates notifications, all or nothing, each with its event. An input whose idempotency key this sender has used before,
 * in this call or an earlier one, returns the notification as it was created then, whatever happened to it since. Its content
 * is not stored for that: it equals the input, or the input is refused.
 * @param pathOf names an input in an error, by its index
 * @throws InvalidInputError that names the first field that is wrong; with the reason IDEMPOTENCY_MISMATCH when a key was used
 * for something else.
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

  const hashed = inputs.map((input, ordinal) => ({
    ...input,
    ordinal,
    inputHash: input.idempotencyKey === null ? null : hashInput(input),
    isLate: hasPassed(input, now),
  }));
  const ordinals = firstOfSameKey(hashed, pathOf);
  const rows = hashed.flatMap((input) =>
    ordinals[input.ordinal] === input.ordinal ? [{ ...input, id: uuidv7(), eventId: uuidv7() }] : [],
  );
  const result = await insert(database, sender, rows);
  const outcomes = new Map(
    [...result.created, ...result.repeated].map((outcome) => [outcome.ordinal, outcome]),
  );
  const notifications = new Map(
    rows.map((row) => [row.ordinal, notificationOf(row, outcomes.get(row.ordinal), pathOf(row.ordinal))]),
  );
  return {
    notifications: ordinals.map((ordinal) => found(notifications.get(ordinal))),
    events: result.created.map(({ event }) => parseEvent(event)),
  };
}

/** An input with what the statement has to know of it besides. */
interface HashedInput extends NewNotification {
  readonly ordinal: number;
  /** null without an idempotency key. */
  readonly inputHash: string | null;
  /** It would have expired already, which only a repeat may. */
  readonly isLate: boolean;
}

/**
 * For each input the index of the first one with the same idempotency key: its own where it is the first.
 * @throws InvalidInputError when the two ask for different things
 */
function firstOfSameKey(inputs: readonly HashedInput[], pathOf: (index: number) => string): number[] {
  const firsts = new Map<string, HashedInput>();
  return inputs.map((input) => {
    if (input.idempotencyKey === null) return input.ordinal;
    const first = firsts.get(input.idempotencyKey) ?? input;
    if (first.inputHash !== input.inputHash) throw mismatch(pathOf(input.ordinal));
    firsts.set(input.idempotencyKey, first);
    return first.ordinal;
  });
}

function mismatch(path: string): InvalidInputError {
  return new InvalidInputError(
    `${path}.idempotencyKey`,
    "must not be used again for another notification: this sender has used it with another input",
    "IDEMPOTENCY_MISMATCH",
  );
}

/**
 * The notification that an input created; undefined when it was not created because of another one.
 * @throws InvalidInputError when this input is why
 */
function notificationOf(
  input: HashedInput,
  outcome: Result["created" | "repeated"][number] | undefined,
  path: string,
): Notification | undefined {
  if (outcome === undefined) {
    if (input.isLate) throw notInFuture(path);
    return undefined;
  }
  if ("notification" in outcome) return outcome.notification;
  if (!outcome.same) throw mismatch(path);
  const { userId, category, title, body, data, actionUrl, priority, expiresAt } = input;
  const content = { userId, category, title, body, data, actionUrl, priority, expiresAt };
  return { id: outcome.id, ...content, createdAt: outcome.createdAt, readAt: null };
}

function found(notification: Notification | undefined): Notification {
  if (notification === undefined)
    throw new Error("the statement returned fewer notifications than it was given");
  return notification;
}

/**
 * Two commands with one key at the same time: neither sees the other's, and the later one breaks the key's uniqueness, which
 * undoes all of it. Then the first one's result is there to be found. Each attempt finds one more key at the least, since
 * one that was broken stays known.
 */
async function insert(database: Database, sender: string, rows: readonly InputRow[]): Promise<Result> {
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

interface InputRow extends HashedInput {
  readonly id: string;
  readonly eventId: string;
}

/** The input is that of the stored notification: asked of rows that have no hash; see tables.ts. */
const isSameAsStored = sql.raw(
  `(
  (stored->>'userId', stored->>'category', stored->>'title', stored->>'priority') =
    (input."userId", input.category, input.title, input.priority)
  and (stored->>'body', stored->>'actionUrl', (stored->>'expiresAt')::timestamptz, nullif((stored->'data')::jsonb, 'null'))
    is not distinct from (input.body, input."actionUrl", input."expiresAt", input.data::jsonb)
)`.replaceAll("stored", "known.notification"),
);

/** The notification in row `n` without its content. */
const emptyNotification = sql.raw(`json_build_object(
  'id', n.id, 'userId', n.user_id, 'category', n.category, 'title', '', 'body', null, 'data', null, 'actionUrl', null,
  'priority', n.priority, 'createdAt', n.created_at, 'readAt', null, 'expiresAt', null)`);

/**
 * How long a statement for several users waits for one inbox, ms. Meanwhile it holds the locks of the inboxes before it, whose
 * users must not wait for another user's inbox. After that it is rolled back, and retried for a while.
 */
const bulkLockTimeout = 250;

/** One statement; see sql-fragments.ts on what it sees. Inboxes are locked in the order of their users, against deadlocks. */
function createStatement(sender: string, rows: readonly InputRow[]): SQL {
  const isBulk = new Set(rows.map(({ userId }) => userId)).size > 1;
  // Until the end of the statement, which is a transaction; it applies to each wait for a lock.
  const lockTimeout = isBulk ? sql`set_config('lock_timeout', ${`${bulkLockTimeout}ms`}, true)` : sql`null`;
  return sql`
    with timeout as materialized (
      select ${lockTimeout}
    ), input as materialized (
      select input.* from timeout, json_to_recordset(${jsonParameter(rows)}) as input(
        ordinal int, id uuid, "eventId" uuid, "userId" text, category text, title text, body text, data json,
        "actionUrl" text, priority text, "expiresAt" timestamptz(3), "idempotencyKey" text, "inputHash" text,
        "isLate" boolean)
    ), repeated as materialized (
      select input.ordinal, known.created_at,
        coalesce(known.notification_id, (known.notification->>'id')::uuid) as id,
        coalesce(known.input_hash = input."inputHash", ${isSameAsStored}, false) as same
      from input join idempotency_keys known on known.sender = ${sender} and known.key = input."idempotencyKey"
    ), unused as materialized (
      select * from input where ordinal not in (select ordinal from repeated)
    ), fresh as materialized (
      select * from unused
      where not exists (select from repeated where not same) and not exists (select from unused where "isLate")
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
      select numbered.ordinal, numbered."eventId", numbered."idempotencyKey", numbered."inputHash", numbered.unread_count,
        n.id, n.user_id, n.created_sequence, n.created_at, ${notificationJson} as notification,
        ${emptyNotification} as empty
      from numbered join created n using (id)
    ), logged as (
      insert into notification_events (user_id, sequence, id, type, occurred_at, unread_count, payload, publish_after)
      select user_id, created_sequence, "eventId", 'created', created_at, unread_count,
        json_build_object('notification', notification), now() + ${publishLease}
      from answered
      returning *
    ), remembered as (
      insert into idempotency_keys (sender, key, notification, notification_id, input_hash, created_at)
      select ${sender}, "idempotencyKey", empty, id, "inputHash", created_at
      from answered where "idempotencyKey" is not null
    )
    select json_build_object(
      'created', (
        select coalesce(json_agg(json_build_object(
          'ordinal', answered.ordinal, 'event', ${eventJson}, 'notification', answered.notification)
          order by answered.ordinal), '[]')
        from answered join logged e on e.id = answered."eventId"
      ),
      'repeated', (
        select coalesce(json_agg(json_build_object(
          'ordinal', ordinal, 'id', id, 'createdAt', created_at, 'same', same)), '[]')
        from repeated
      )
    ) as result`;
}
