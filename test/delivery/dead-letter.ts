import { randomUUID } from "node:crypto";
import type { DeadLetter } from "../../src/broker/broker.js";
import type { Database } from "../../src/database/database.js";
import { keep } from "../../src/delivery/dead-letters/letters.js";
import { type DeadLetterRequest, type ListedLetter, readPage } from "../../src/delivery/dead-letters/list.js";
import type { DeadLetterFilter } from "../../src/delivery/dead-letters/selection.js";

/** A letter that failed just now, plain but for `fields`. */
export function deadLetter(fields: Partial<DeadLetter> = {}): DeadLetter {
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

/** Letters with these message ids, of which each failed a moment after the one before, about a minute ago. */
export function deadInOrder(...messageIds: string[]): DeadLetter[] {
  const begin = Date.now() - 60_000;
  return messageIds.map((messageId, index) => {
    const at = new Date(begin + index * 10);
    return deadLetter({ messageId, firstFailedAt: at, lastFailedAt: at });
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

/** The newest letters, newest first. */
export async function lettersIn(
  database: Database,
  filter: DeadLetterFilter | null = null,
): Promise<readonly ListedLetter[]> {
  return (await readPage(database, pageOf({ filter }))).items;
}

/** The message ids of these letters. */
export function messageIds(letters: readonly { readonly messageId: string | null }[]): (string | null)[] {
  return letters.map(({ messageId }) => messageId);
}

/** Keeps letters, and gives them as the list shows them. */
export async function keepAll(
  database: Database,
  letters: readonly DeadLetter[],
): Promise<readonly ListedLetter[]> {
  await keep(database, letters);
  return await lettersIn(database);
}
