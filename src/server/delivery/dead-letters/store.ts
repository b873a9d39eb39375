/**
 * The table of dead letters.
 *
 * A row's version is PostgreSQL's own `xmin`, which every write changes. A retry deletes the version that it republished and no
 * other, so that a message that failed again in the meantime stays. Clocks cannot tell the two apart, because they may
 * be of two machines. https://www.postgresql.org/docs/current/ddl-system-columns.html
 */
import { createHash } from "node:crypto";
import { and, asc, desc, getTableColumns, inArray, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { type DeadLetter, workQueueNames } from "../../broker/work-queues.js";
import type { Database } from "../../database/database.js";
import { purgeOldRows } from "../../database/purge-old-rows.js";
import { jsonParameter, literal, toRecordset } from "../../database/sql-parameters.js";
import { deadLetters } from "../../database/tables.js";
import {
  isSelected,
  type DeadLetterPosition,
  positionParameter,
  rowPosition,
  type Selection,
} from "./selection.js";
import { sanitizeText, sanitizeCount, sanitizeInstant } from "./sanitize.js";

type Row = typeof deadLetters.$inferSelect;

/** A version of a dead letter. */
export interface DeadLetterVersion {
  readonly id: string;
  readonly version: string;
}

/** What a retry needs of a dead letter. */
export type StoredDeadLetter = DeadLetterVersion &
  Readonly<Pick<Row, "messageId" | "type" | "priority" | "lastFailedAt">> &
  Pick<DeadLetter, "queue" | "body">;

/** At most `rows` are read at once, and none after the row that reaches `base64Bytes`, because a body may be of any size. */
const readLimit = { rows: 100, base64Bytes: 4 * 1024 * 1024 };

/** Rows deleted at once. */
const deleteLimit = 500;

const queueName = z.union([z.enum(workQueueNames), z.templateLiteral(["notification.task.", z.string()])]);

const rowVersion = sql<string>`${deadLetters}.xmin::text`;

const {
  reason: _reason,
  error: _error,
  attempts: _attempts,
  firstFailedAt: _first,
  ...stored
} = getTableColumns(deadLetters);

/** The columns of a StoredDeadLetter. */
const restorable = { ...stored, version: rowVersion.as("version") };

/** Stores dead letters. One that is stored already, because it arrived twice or failed again, is updated. */
export async function storeDeadLetters(database: Database, items: readonly DeadLetter[]): Promise<void> {
  // By id, because a statement cannot update a row twice.
  const rows = new Map(items.map(toRow).map((row) => [row.id, row]));
  const { columns, source } = toRecordset(deadLetters, [...rows.values()]);
  await database.query((db) =>
    db
      .insert(deadLetters)
      // In one order, against deadlocks.
      .select(sql`select ${columns} from ${source} order by r.id`)
      .onConflictDoUpdate({
        target: deadLetters.id,
        set: {
          reason: sql`excluded.reason`,
          error: sql`excluded.error`,
          attempts: sql`excluded.attempts`,
          firstFailedAt: sql`least(${deadLetters.firstFailedAt}, excluded.first_failed_at)`,
          lastFailedAt: sql`excluded.last_failed_at`,
        },
      }),
  );
}

function toRow(item: DeadLetter): Row {
  const { messageId, type, priority, body, reason, error } = item;
  const queue = sanitizeText(item.queue);
  const message = messageId === null ? null : sanitizeText(messageId);
  return {
    id: idOf(queue, message, body),
    queue,
    messageId: message,
    type: type === null ? null : sanitizeText(type),
    priority,
    body: body.toString("base64"),
    reason,
    error: error === null ? null : sanitizeText(error),
    attempts: sanitizeCount(item.attempts),
    firstFailedAt: sanitizeInstant(item.firstFailedAt),
    lastFailedAt: sanitizeInstant(item.lastFailedAt),
  };
}

/** The same for the same message in the same queue. The hash includes the body, because foreign message ids may repeat. */
function idOf(queue: string, messageId: string | null, body: Buffer): string {
  const hash = createHash("sha256").update(JSON.stringify([queue, messageId]));
  return hash.update(body).digest("base64url");
}

/** The position of the newest dead letter; null when there is none. */
export async function readNewestPosition(database: Database): Promise<DeadLetterPosition | null> {
  const { id, lastFailedAt } = deadLetters;
  const rows = await database.query((db) =>
    db.select({ id, lastFailedAt }).from(deadLetters).orderBy(desc(lastFailedAt), desc(id)).limit(1),
  );
  return rows[0] ?? null;
}

/**
 * The next dead letters of a selection, the oldest first: those after one position, up to another. Empty at the end. Served
 * by dead_letters_list, or by the primary key.
 */
export async function readSelectedDeadLetters(
  database: Database,
  selection: Selection,
  after: DeadLetterPosition | null,
  upTo: DeadLetterPosition,
): Promise<StoredDeadLetter[]> {
  const isAfter = after === null ? undefined : sql`${rowPosition} > ${positionParameter(after)}`;
  const { body, lastFailedAt, id } = deadLetters;
  const rows = await database.query((db) => {
    const next = db
      .select({
        ...restorable,
        bytesBefore:
          sql`sum(octet_length(${body})) over (order by ${lastFailedAt}, ${id}) - octet_length(${body})`.as(
            "bytes_before",
          ),
      })
      .from(deadLetters)
      .where(and(isSelected(selection), isAfter, isUpTo(upTo)))
      .orderBy(asc(lastFailedAt), asc(id))
      .limit(readLimit.rows)
      .as("next");
    return db
      .select()
      .from(next)
      .where(sql`${next.bytesBefore} < ${literal(readLimit.base64Bytes)}`)
      .orderBy(asc(next.lastFailedAt), asc(next.id));
  });
  return rows.map(({ bytesBefore: _bytes, queue, body, ...row }) =>
    Object.assign(row, { queue: queueName.parse(queue), body: Buffer.from(body, "base64") }),
  );
}

/** Deletes these versions of dead letters. One that was stored again since it was read stays. */
export async function deleteDeadLetterVersions(
  database: Database,
  versions: readonly DeadLetterVersion[],
): Promise<void> {
  const versionById = jsonParameter(Object.fromEntries(versions.map(({ id, version }) => [id, version])));
  const { id } = deadLetters;
  await database.query((db) => {
    // Locked in the order in which they are stored, against deadlocks.
    const unchanged = db
      .select({ id })
      .from(deadLetters)
      .where(
        and(
          sql`${id} in (select json_object_keys(${versionById}))`,
          sql`${rowVersion} = (${versionById} ->> ${id})`,
        ),
      )
      .orderBy(asc(id))
      .for("update");
    return db.delete(deadLetters).where(inArray(id, unchanged));
  });
}

/**
 * Deletes dead letters of a selection up to a position, the oldest first, a batch in each call: call it again until it
 * returns 0. Served like `readSelectedDeadLetters`.
 * @returns how many
 */
export async function deleteSelectedDeadLetters(
  database: Database,
  selection: Selection,
  upTo: DeadLetterPosition,
): Promise<number> {
  const { id, lastFailedAt } = deadLetters;
  const deleted = await database.query((db) => {
    const oldest = db
      .select({ id })
      .from(deadLetters)
      .where(and(isSelected(selection), isUpTo(upTo)))
      .orderBy(asc(lastFailedAt), asc(id))
      .limit(deleteLimit)
      .for("update", { skipLocked: true });
    return db.delete(deadLetters).where(inArray(id, oldest)).returning({ id });
  });
  return deleted.length;
}

function isUpTo(position: DeadLetterPosition): SQL {
  return sql`${rowPosition} <= ${positionParameter(position)}`;
}

/**
 * Purges some dead letters whose last failure is longer ago than `retention` ms. Served by dead_letters_list.
 * @returns how many: 0 when none is left
 */
export async function purgeDeadLetters(database: Database, retention: number): Promise<number> {
  const { id, lastFailedAt } = deadLetters;
  return await purgeOldRows(database, {
    table: deadLetters,
    key: [id],
    time: lastFailedAt,
    retention,
    limit: deleteLimit,
  });
}
