import { and, desc, eq, lt, sql } from "drizzle-orm";
import { validate as isUuid, v7 as uuidv7 } from "uuid";
import type { Database } from "../../database/database.js";
import { purgeOldRows } from "../../database/purge-old-rows.js";
import { jsonParameter, toRecordset } from "../../database/sql-parameters.js";
import { webhookAttempts, webhookEndpoints } from "../../database/tables.js";
import { InvalidInputError } from "../../notifications/errors.js";
import { checkPageSize } from "../../notifications/input.js";
import type { Outcome } from "./outcome.js";

/** The delivery attempt for one event in one call. */
export type WebhookAttempt = Readonly<typeof webhookAttempts.$inferSelect>;

/** An attempt to record: one for each event in a call. */
export type NewAttempt = Omit<WebhookAttempt, "id">;

/** Newest first. */
export interface AttemptPage {
  readonly items: readonly WebhookAttempt[];
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
}

export interface AttemptPageRequest {
  /** 1 to 100. */
  readonly first: number;
  /** The id of an attempt: the page has older ones. */
  readonly after: string | null;
}

/** The attempt to deliver an event, in a call with this outcome. */
export function attemptOf(
  outcome: Outcome,
  about: Pick<NewAttempt, "endpointId" | "eventId" | "attempt" | "attemptedAt">,
): NewAttempt {
  const { kind, status, latency, error } = outcome;
  return { ...about, delivered: kind === "delivered", status, latency, error };
}

/** Records attempts, in the order given, except those of an endpoint that was deleted in the meantime. */
export async function recordAttempts(
  database: Database,
  attempts: readonly NewAttempt[],
): Promise<WebhookAttempt[]> {
  const rows = attempts.map((attempt) => ({ id: uuidv7(), ...attempt }));
  const { columns, source } = toRecordset(webhookAttempts, rows);
  const { id } = webhookEndpoints;
  const existing = sql`
    with existing as materialized (
      select ${id} from ${webhookEndpoints} where ${id} in (select r."endpointId" from ${source}) for key share
    )
    select ${columns} from ${source} where r."endpointId" in (select id from existing) order by r.id`;
  return await database.query((db) => db.insert(webhookAttempts).select(existing).returning());
}

/**
 * A page of an endpoint's attempts. Served by webhook_attempts_list.
 * @throws InvalidInputError that names what is wrong
 */
export async function listAttempts(
  database: Database,
  endpointId: string,
  { first, after }: AttemptPageRequest,
): Promise<AttemptPage> {
  checkPageSize(first);
  if (after !== null && !isAttemptCursor(after)) {
    throw new InvalidInputError("after", "must be a cursor from this list");
  }
  const { id, endpointId: ofEndpoint } = webhookAttempts;
  const items = await database.query((db) =>
    db
      .select()
      .from(webhookAttempts)
      .where(and(eq(ofEndpoint, endpointId), after === null ? undefined : lt(id, after)))
      .orderBy(desc(id))
      .limit(first + 1),
  );
  return { items: items.slice(0, first), hasNext: items.length > first, hasPrevious: after !== null };
}

/** Whether this may be a cursor of a list of attempts, which is an attempt's id. */
export function isAttemptCursor(cursor: string): boolean {
  return isUuid(cursor);
}

/** Which of these events were delivered to the endpoint. Served by webhook_attempts_delivered. */
export async function findDeliveredEvents(
  database: Database,
  endpointId: string,
  eventIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { endpointId: ofEndpoint, eventId, delivered } = webhookAttempts;
  const ids = sql`(select value::uuid from json_array_elements_text(${jsonParameter(eventIds)}))`;
  const rows = await database.query((db) =>
    db
      .select({ eventId })
      .from(webhookAttempts)
      // `delivered` and not `delivered = $2`, which a generic plan cannot match with the partial index.
      .where(and(eq(ofEndpoint, endpointId), delivered, sql`${eventId} in ${ids}`)),
  );
  return new Set(rows.map((row) => row.eventId));
}

/**
 * Purges at most `limit` attempts that are older than `retention` ms. Served by webhook_attempts_by_time.
 * @returns how many
 */
export async function purgeAttempts(database: Database, retention: number, limit: number): Promise<number> {
  const { id, attemptedAt } = webhookAttempts;
  return await purgeOldRows(database, {
    table: webhookAttempts,
    key: [id],
    time: attemptedAt,
    retention,
    limit,
  });
}
