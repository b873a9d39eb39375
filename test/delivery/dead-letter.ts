import { randomUUID } from "node:crypto";
import type { DeadLetter } from "../../src/server/broker/work-queues.js";
import type { Database } from "../../src/server/database/database.js";
import { storeDeadLetters } from "../../src/server/delivery/dead-letters/store.js";
import {
  type DeadLetterRequest,
  type ListedDeadLetter,
  listDeadLetters,
} from "../../src/server/delivery/dead-letters/list.js";
import type { DeadLetterFilter } from "../../src/server/delivery/dead-letters/selection.js";

/** A dead letter that failed just now, with default values except for `fields`. */
export function createDeadLetter(fields: Partial<DeadLetter> = {}): DeadLetter {
  const now = new Date();
  return {
    queue: "notification.new",
    messageId: randomUUID(),
    type: "created",
    priority: 4,
    body: Buffer.from('{"hello":"world"}'),
    reason: "FAILED",
    error: "the handler failed",
    attempts: 3,
    firstFailedAt: now,
    lastFailedAt: now,
    ...fields,
  };
}

/** Dead letters with these message ids, of which each failed a moment after the one before, about a minute ago. */
export function createDeadLetters(...messageIds: string[]): DeadLetter[] {
  const begin = Date.now() - 60_000;
  return messageIds.map((messageId, index) => {
    const at = new Date(begin + index * 10);
    return createDeadLetter({ messageId, firstFailedAt: at, lastFailedAt: at });
  });
}

/** A filter with these fields alone. */
export function where(fields: Partial<DeadLetterFilter>): DeadLetterFilter {
  return { queue: null, type: null, reason: null, failedAfter: null, failedBefore: null, ...fields };
}

/** A request for a page of everything, as large as can be. */
export function pageOf(fields: Partial<DeadLetterRequest> = {}): DeadLetterRequest {
  return { filter: null, first: 100, after: null, countAll: true, ...fields };
}

/** The newest dead letters, newest first. */
export async function deadLettersIn(
  database: Database,
  filter: DeadLetterFilter | null = null,
): Promise<readonly ListedDeadLetter[]> {
  return (await listDeadLetters(database, pageOf({ filter }))).items;
}

/** The message ids of these dead letters. */
export function messageIds(deadLetters: readonly { readonly messageId: string | null }[]): (string | null)[] {
  return deadLetters.map(({ messageId }) => messageId);
}

/** Stores dead letters, and returns them as the list shows them. */
export async function storeAll(
  database: Database,
  deadLetters: readonly DeadLetter[],
): Promise<readonly ListedDeadLetter[]> {
  await storeDeadLetters(database, deadLetters);
  return await deadLettersIn(database);
}
