import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { DeathReason } from "../../broker/broker.js";
import type { Database } from "../../database/database.js";
import { InvalidInputError } from "../../notifications/errors.js";
import { checkPageSize } from "../../notifications/input.js";
import { instant } from "../../notifications/notification.js";
import { shownBytes } from "./body.js";
import { type DeadLetterFilter, fits, type Place, placeParameter } from "./selection.js";

export interface DeadLetterRequest {
  readonly filter: DeadLetterFilter | null;
  /** 1 to 100. */
  readonly first: number;
  /** A cursor of this list. */
  readonly after: string | null;
  /** Whether to count what is on all pages. */
  readonly countAll: boolean;
}

/** Newest first, by the last failure. */
export interface DeadLetterPage {
  readonly items: readonly ListedLetter[];
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
  /** null where it was not asked for. */
  readonly totalCount: number | null;
}

const reasons = ["FAILED", "POISONED", "OVERFLOWED", "REJECTED"] as const satisfies readonly DeathReason[];

const listedSchema = z.object({
  id: z.string(),
  queue: z.string(),
  messageId: z.string().nullable(),
  type: z.string().nullable(),
  reason: z.enum(reasons),
  error: z.string().nullable(),
  attempts: z.int(),
  firstFailedAt: instant,
  lastFailedAt: instant,
  /** Cut a little after `shownBytes`. */
  body: z.string().transform((text) => Buffer.from(text, "base64")),
});

/** A letter as the list shows it. */
export type ListedLetter = Readonly<z.output<typeof listedSchema>>;

const pageSchema = z.object({ items: z.array(listedSchema), totalCount: z.int().nullable() });

/** Characters of base64, in whole groups of four, that show whether there is more than what is shown. */
const base64Length = (Math.floor(shownBytes / 3) + 1) * 4;

/**
 * Reads a page, and counts, in one snapshot. Served by dead_letters_list, or by dead_letters_by_queue when filtered by queue.
 * @throws InvalidInputError that names what is wrong with the request.
 */
export async function readPage(
  database: Database,
  { filter, first, after, countAll }: DeadLetterRequest,
): Promise<DeadLetterPage> {
  checkPageSize(first);
  const listed = filter === null ? sql`true` : fits(filter);
  const { items, totalCount } = await database.one(
    sql`
      select json_build_object(
        'items', (
          select coalesce(json_agg(json_build_object(
            'id', d.id, 'queue', d.queue, 'messageId', d.message_id, 'type', d.type, 'reason', d.reason,
            'error', d.error, 'attempts', d.attempts, 'firstFailedAt', d.first_failed_at,
            'lastFailedAt', d.last_failed_at, 'body', left(d.body, ${base64Length}::int)
          ) order by d.last_failed_at desc, d.id desc), '[]')
          from (
            select d.* from dead_letters d where ${listed} and ${isAfter(after)}
            order by d.last_failed_at desc, d.id desc limit ${first + 1}::int
          ) d
        ),
        'totalCount', ${countAll ? sql`(select count(*)::int from dead_letters d where ${listed})` : sql`null::int`}
      ) as result`,
    pageSchema,
  );
  return {
    items: items.slice(0, first),
    hasNext: items.length > first,
    hasPrevious: after !== null,
    totalCount,
  };
}

function isAfter(after: string | null): SQL {
  if (after === null) return sql`true`;
  const place = decodeLetterCursor(after);
  if (place === null) throw new InvalidInputError("after", "must be a cursor from this list");
  return sql`(d.last_failed_at, d.id) < ${placeParameter(place)}`;
}

/** A letter's cursor, opaque to clients. */
export function encodeLetterCursor({ lastFailedAt, id }: Place): string {
  return Buffer.from(`d.${lastFailedAt.getTime()}.${id}`).toString("base64url");
}

/** The place that a cursor stands for; null when it is no cursor of this list. */
function decodeLetterCursor(cursor: string): Place | null {
  const text = cursor.length <= 256 ? Buffer.from(cursor, "base64url").toString("latin1") : "";
  const [, time, id] = /^d\.(\d{1,15})\.([\w-]{43})$/.exec(text) ?? [];
  return id === undefined ? null : { lastFailedAt: new Date(Number(time)), id };
}
