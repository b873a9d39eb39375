import { and, eq, gt, lt, type SQL, sql } from "drizzle-orm";
import type { DeadLetterReason } from "../../broker/work-queues.js";
import { jsonParameter } from "../../database/sql-parameters.js";
import { deadLetters } from "../../database/tables.js";
import { InvalidInputError } from "../../notifications/errors.js";
import { checkBulk, clampInstant } from "../../notifications/input.js";
import { sanitizeText } from "./sanitize.js";

/** Selects the dead letters that match every field that is not null. */
export interface DeadLetterFilter {
  readonly queue: string | null;
  readonly type: string | null;
  readonly reason: DeadLetterReason | null;
  /** Exclusive; of the last failure. */
  readonly failedAfter: Date | null;
  /** Exclusive; of the last failure. */
  readonly failedBefore: Date | null;
}

/** The dead letters that an operator selects: by id, or all that match. */
export type Selection = { readonly ids: readonly string[] } | { readonly filter: DeadLetterFilter };

/**
 * The selection that the arguments of an operation make.
 * @throws InvalidInputError unless exactly one of them is given, with 1 to 1,000 ids
 */
export function selectionOf(ids: readonly string[] | null, filter: DeadLetterFilter | null): Selection {
  if (ids !== null && filter === null) {
    checkBulk(ids, "ids");
    return { ids };
  }
  if (filter !== null && ids === null) return { filter };
  throw new InvalidInputError("ids", "or filter must be given, and not both");
}

/** True of the rows that are selected. */
export function isSelected(selection: Selection): SQL | undefined {
  if ("filter" in selection) return matchesFilter(selection.filter);
  const ids = jsonParameter(selection.ids.map(sanitizeText));
  return sql`${deadLetters.id} in (select value from json_array_elements_text(${ids}))`;
}

/** True of the rows that match the filter; undefined: all do. */
export function matchesFilter(filter: DeadLetterFilter): SQL | undefined {
  const { queue, type, reason, failedAfter, failedBefore } = filter;
  return and(
    queue === null ? undefined : eq(deadLetters.queue, sanitizeText(queue)),
    type === null ? undefined : eq(deadLetters.type, sanitizeText(type)),
    reason === null ? undefined : eq(deadLetters.reason, reason),
    failedAfter === null ? undefined : gt(deadLetters.lastFailedAt, clampInstant(failedAfter)),
    failedBefore === null ? undefined : lt(deadLetters.lastFailedAt, clampInstant(failedBefore)),
  );
}

/** A dead letter's position in the list. */
export type DeadLetterPosition = Readonly<Pick<typeof deadLetters.$inferSelect, "lastFailedAt" | "id">>;

/** The position of a row, to compare with `positionParameter`. Served by dead_letters_list. */
export const rowPosition = sql`(${deadLetters.lastFailedAt}, ${deadLetters.id})`;

export function positionParameter({ lastFailedAt, id }: DeadLetterPosition): SQL {
  return sql`(${clampInstant(lastFailedAt).toISOString()}::timestamptz, ${id}::text)`;
}
