import { and, desc, getTableColumns, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../database/database.js";
import { deadLetters } from "../../database/tables.js";
import { InvalidInputError } from "../../notifications/errors.js";
import { checkPageSize } from "../../notifications/input.js";
import { shownBytes } from "./body.js";
import {
  type DeadLetterFilter,
  matchesFilter,
  type DeadLetterPosition,
  positionParameter,
  rowPosition,
} from "./selection.js";

export interface DeadLetterRequest {
  readonly filter: DeadLetterFilter | null;
  /** 1 to 100. */
  readonly first: number;
  /** A cursor of this list. */
  readonly after: string | null;
  /** Whether to count the dead letters on all pages. */
  readonly countAll: boolean;
}

/** Newest first, by the last failure. */
export interface DeadLetterPage {
  readonly items: readonly ListedDeadLetter[];
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
  /** null without `countAll`. */
  readonly totalCount: number | null;
}

/** A dead letter in the list. */
export interface ListedDeadLetter extends Readonly<
  Omit<typeof deadLetters.$inferSelect, "priority" | "body">
> {
  /** Cut shortly after `shownBytes`. */
  readonly body: Buffer;
}

/** Characters of base64, in whole groups of four, that show whether there is more than `shownBytes`. */
const base64Length = (Math.floor(shownBytes / 3) + 1) * 4;

const { priority: _priority, ...columns } = getTableColumns(deadLetters);

/**
 * Reads a page, and counts in the same snapshot. Served by dead_letters_list, or by dead_letters_by_queue with a queue.
 * @throws InvalidInputError that names what is wrong with the request
 */
export async function listDeadLetters(
  database: Database,
  { filter, first, after, countAll }: DeadLetterRequest,
): Promise<DeadLetterPage> {
  checkPageSize(first);
  const isListed = filter === null ? undefined : matchesFilter(filter);
  const all = sql`(select count(*)::int from ${deadLetters} where ${isListed ?? sql`true`})`;
  const rows = await database.query((db) =>
    db
      .select({
        ...columns,
        body: sql<string>`left(${deadLetters.body}, ${base64Length}::int)`,
        totalCount: countAll ? sql<number>`${all}` : sql<null>`null::int`,
      })
      .from(deadLetters)
      .where(and(isListed, isAfter(after)))
      .orderBy(desc(deadLetters.lastFailedAt), desc(deadLetters.id))
      .limit(first + 1),
  );
  return {
    items: rows
      .slice(0, first)
      .map(({ totalCount: _total, body, ...fields }) =>
        Object.assign(fields, { body: Buffer.from(body, "base64") }),
      ),
    hasNext: rows.length > first,
    hasPrevious: after !== null,
    totalCount: countAll ? (rows[0]?.totalCount ?? (await count(database, isListed))) : null,
  };
}

/** For an empty page, which has no row that could contain the count. */
async function count(database: Database, isListed: SQL | undefined): Promise<number> {
  const rows = await database.query((db) =>
    db
      .select({ count: sql<number>`count(*)::int` })
      .from(deadLetters)
      .where(isListed),
  );
  return rows[0]?.count ?? 0;
}

function isAfter(after: string | null): SQL | undefined {
  if (after === null) return undefined;
  const position = decodeDeadLetterCursor(after);
  if (position === null) throw new InvalidInputError("after", "must be a cursor from this list");
  return sql`${rowPosition} < ${positionParameter(position)}`;
}

/** The cursor of a dead letter, opaque to clients. */
export function encodeDeadLetterCursor({ lastFailedAt, id }: DeadLetterPosition): string {
  return Buffer.from(`d.${lastFailedAt.getTime()}.${id}`).toString("base64url");
}

/** The position that a cursor stands for; null when it is not a cursor of this list. */
export function decodeDeadLetterCursor(cursor: string): DeadLetterPosition | null {
  const text = cursor.length <= 256 ? Buffer.from(cursor, "base64url").toString("latin1") : "";
  const [, time, id] = /^d\.(\d{1,15})\.([\w-]{43})$/.exec(text) ?? [];
  return id === undefined ? null : { lastFailedAt: new Date(Number(time)), id };
}
