import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { type DeadLetter, workQueues } from "../../broker/broker.js";
import type { Database } from "../../database/database.js";
import { instant } from "../../notifications/notification.js";
import { jsonParameter } from "../../notifications/statements.js";
import { isSelected, type Place, placeParameter, type Selection } from "./selection.js";
import { storable, storableCount, storableInstant } from "./storable.js";

/**
 * The table of dead letters. A body is base64 there: no text of PostgreSQL holds every byte.
 *
 * A row's version is PostgreSQL's own `xmin`, which every write changes. Whoever puts a letter back removes the version that
 * was put back and no other, so that a letter that died again in the meantime stays. No clock could tell the two apart: they
 * may be of two machines. https://www.postgresql.org/docs/current/ddl-system-columns.html
 */

/** A version of a letter. */
const versionSchema = z.object({ id: z.string(), version: z.string() });

export type LetterVersion = Readonly<z.output<typeof versionSchema>>;

const queueName = z.union([z.enum(workQueues), z.templateLiteral(["notification.task.", z.string()])]);

const wholeLetterSchema = versionSchema.extend({
  queue: queueName,
  messageId: z.string().nullable(),
  type: z.string().nullable(),
  priority: z.int(),
  body: z.string().transform((text) => Buffer.from(text, "base64")),
  lastFailedAt: instant,
});

/** All that it takes to put a letter back. */
export type WholeLetter = Readonly<z.output<typeof wholeLetterSchema>>;

/** Letters read at once: so many, and none after the one that reaches so many bytes, since each may be of any size. */
const batch = { letters: 100, base64Bytes: 4 * 1024 * 1024 };

/** Rows deleted at once. */
const deletedAtOnce = 500;

/** Keeps letters. One that is there already, because it comes twice or died again, is brought up to date. */
export async function keep(database: Database, letters: readonly DeadLetter[]): Promise<void> {
  // By id, for a statement does not write a row twice.
  const rows = new Map(letters.map(toRow).map((row) => [row.id, row]));
  await database.many(
    sql`
      with kept as (
        insert into dead_letters
          (id, queue, message_id, type, priority, body, reason, error, attempts, first_failed_at, last_failed_at)
        select id, queue, "messageId", type, priority, body, reason, error, attempts, "firstFailedAt", "lastFailedAt"
        from json_to_recordset(${jsonParameter([...rows.values()])}) as p(
          id text, queue text, "messageId" text, type text, priority int, body text, reason text, error text,
          attempts int, "firstFailedAt" timestamptz, "lastFailedAt" timestamptz)
        order by id
        on conflict (id) do update set
          reason = excluded.reason, error = excluded.error, attempts = excluded.attempts,
          first_failed_at = least(dead_letters.first_failed_at, excluded.first_failed_at),
          last_failed_at = excluded.last_failed_at
      )
      select null::json as result where false`,
    z.null(),
  );
}

function toRow(letter: DeadLetter) {
  const { queue, messageId, type, error, body } = letter;
  const row = {
    ...letter,
    attempts: storableCount(letter.attempts),
    firstFailedAt: storableInstant(letter.firstFailedAt),
    lastFailedAt: storableInstant(letter.lastFailedAt),
    queue: storable(queue),
    messageId: messageId === null ? null : storable(messageId),
    type: type === null ? null : storable(type),
    error: error === null ? null : storable(error),
    body: body.toString("base64"),
  };
  return { id: idOf(row.queue, row.messageId, body), ...row };
}

/** The same for the same message in the same queue. The body counts too: an id that is not ours may serve for many. */
function idOf(queue: string, messageId: string | null, body: Buffer): string {
  const hash = createHash("sha256").update(JSON.stringify([queue, messageId]));
  return hash.update(body).digest("base64url");
}

/** The place of the newest letter; null when there is none. Served by dead_letters_list. */
export async function newest(database: Database): Promise<Place | null> {
  const rows = await database.many(
    sql`
      select json_build_object('id', d.id, 'lastFailedAt', d.last_failed_at) as result
      from dead_letters d order by d.last_failed_at desc, d.id desc limit 1`,
    z.object({ id: z.string(), lastFailedAt: instant }),
  );
  return rows[0] ?? null;
}

/**
 * The next letters of a selection, the oldest first: those after one place, up to another; none when that was all. Served
 * by dead_letters_list, or by the primary key.
 */
export async function readSelected(
  database: Database,
  selection: Selection,
  after: Place | null,
  upTo: Place,
): Promise<WholeLetter[]> {
  const isAfter = after === null ? sql`true` : sql`(d.last_failed_at, d.id) > ${placeParameter(after)}`;
  return await database.many(
    sql`
      select json_build_object('id', d.id, 'version', d.version, 'queue', d.queue, 'messageId', d.message_id,
        'type', d.type, 'priority', d.priority, 'body', d.body, 'lastFailedAt', d.last_failed_at) as result
      from (
        select d.*, sum(octet_length(d.body)) over (order by d.last_failed_at, d.id) as bytes from (
          select d.*, d.xmin::text as version from dead_letters d
          where ${isSelected(selection)} and ${isAfter} and (d.last_failed_at, d.id) <= ${placeParameter(upTo)}
          order by d.last_failed_at, d.id limit ${batch.letters}::int
        ) d
      ) d
      where d.bytes - octet_length(d.body) < ${batch.base64Bytes}::int
      order by d.last_failed_at, d.id`,
    wholeLetterSchema,
  );
}

/** Removes these versions of letters; one that was kept anew since it was read stays. */
export async function remove(database: Database, versions: readonly LetterVersion[]): Promise<void> {
  const keys = versions.map(({ id, version }) => ({ id, version }));
  await database.many(
    sql`
      with gone as (
        delete from dead_letters d
        using json_to_recordset(${jsonParameter(keys)}) as p(id text, version text)
        where d.id = p.id and d.xmin::text = p.version
      )
      select null::json as result where false`,
    z.null(),
  );
}

/**
 * Deletes letters of a selection, the oldest first, none that is newer than `upTo`, and not all at once: again until the
 * answer is 0. Served like `readSelected`.
 * @returns how many
 */
export async function discardSelected(
  database: Database,
  selection: Selection,
  upTo: Place,
): Promise<number> {
  return await database.one(
    sql`
      with gone as (
        delete from dead_letters where id in (
          select d.id from dead_letters d
          where ${isSelected(selection)} and (d.last_failed_at, d.id) <= ${placeParameter(upTo)}
          order by d.last_failed_at, d.id limit ${deletedAtOnce}::int for update skip locked
        ) returning 1
      )
      select to_json(count(*)::int) as result from gone`,
    z.int(),
  );
}

/**
 * Forgets some letters whose last failure is longer ago than `retention` ms, the oldest first. Served by dead_letters_list.
 * @returns how many: none when that was all
 */
export async function trimLetters(database: Database, retention: number): Promise<number> {
  return await database.one(
    sql`
      with gone as (
        delete from dead_letters where id in (
          select id from dead_letters
          where last_failed_at < now() - ${retention}::float8 * interval '1 millisecond'
          order by last_failed_at limit ${deletedAtOnce}::int for update skip locked
        ) returning 1
      )
      select to_json(count(*)::int) as result from gone`,
    z.int(),
  );
}
