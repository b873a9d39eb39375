import { type SQL, sql } from "drizzle-orm";
import type { DeathReason } from "../../broker/broker.js";
import { InvalidInputError } from "../../notifications/errors.js";
import { checkBulk, possibleInstant } from "../../notifications/input.js";
import { jsonParameter } from "../../notifications/statements.js";
import { storable } from "./storable.js";

/** Narrows the letters: one is meant when every field that is not null fits. */
export interface DeadLetterFilter {
  readonly queue: string | null;
  readonly type: string | null;
  readonly reason: DeathReason | null;
  /** Exclusive; of the last failure. */
  readonly failedAfter: Date | null;
  /** Exclusive; of the last failure. */
  readonly failedBefore: Date | null;
}

/** The letters that an operator means: these, or all that fit. */
export type Selection = { readonly ids: readonly string[] } | { readonly filter: DeadLetterFilter };

/**
 * The selection that the arguments of an operation make.
 * @throws InvalidInputError unless one of them is given, and ids are 1 to 1,000.
 */
export function selectionOf(ids: readonly string[] | null, filter: DeadLetterFilter | null): Selection {
  if (ids !== null && filter === null) {
    checkBulk(ids, "ids");
    return { ids };
  }
  if (filter !== null && ids === null) return { filter };
  throw new InvalidInputError("ids", "or filter must be given, and not both");
}

/** True of a row `d` that is meant. */
export function isSelected(selection: Selection): SQL {
  if ("filter" in selection) return fits(selection.filter);
  const ids = jsonParameter(selection.ids.map(storable));
  return sql`d.id in (select value from json_array_elements_text(${ids}))`;
}

/** True of a row `d` that fits the filter. */
export function fits({ queue, type, reason, failedAfter, failedBefore }: DeadLetterFilter): SQL {
  const conditions: SQL[] = [sql`true`];
  if (queue !== null) conditions.push(sql`d.queue = ${storable(queue)}`);
  if (type !== null) conditions.push(sql`d.type = ${storable(type)}`);
  if (reason !== null) conditions.push(sql`d.reason = ${reason}`);
  if (failedAfter !== null) conditions.push(sql`d.last_failed_at > ${instantParameter(failedAfter)}`);
  if (failedBefore !== null) conditions.push(sql`d.last_failed_at < ${instantParameter(failedBefore)}`);
  return sql.join(conditions, sql` and `);
}

/** A letter's place in the order of the list. */
export interface Place {
  readonly lastFailedAt: Date;
  readonly id: string;
}

/** A place to compare with that of a row, `(d.last_failed_at, d.id)`. */
export function placeParameter({ lastFailedAt, id }: Place): SQL {
  return sql`(${instantParameter(lastFailedAt)}, ${id}::text)`;
}

function instantParameter(instant: Date): SQL {
  return sql`${possibleInstant(instant).toISOString()}::timestamptz`;
}
