import { sql } from "drizzle-orm";
import { validate as isUuid, v7 as uuidv7 } from "uuid";
import { z } from "zod";
import type { Database } from "../../database/database.js";
import { InvalidInputError } from "../../notifications/errors.js";
import { instant } from "../../notifications/notification.js";
import { jsonParameter } from "../../notifications/statements.js";
import type { Outcome } from "./outcome.js";

const attemptSchema = z.object({
  id: z.string(),
  endpointId: z.string(),
  eventId: z.string(),
  /** 1 for the first. */
  attempt: z.int(),
  attemptedAt: instant,
  delivered: z.boolean(),
  status: z.int().nullable(),
  latency: z.int(),
  error: z.string().nullable(),
});

/** What became of one event in one call of a webhook. */
export type WebhookAttempt = Readonly<z.output<typeof attemptSchema>>;

/** An attempt to be remembered: one for each event of a call. */
export type NewAttempt = Omit<WebhookAttempt, "id">;

/** Newest first. */
export interface AttemptPage {
  readonly items: readonly WebhookAttempt[];
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
}

/** Which part of the list. */
export interface AttemptPageRequest {
  /** 1 to 100. */
  readonly first: number;
  /** The id of an attempt: what is older than it. */
  readonly after: string | null;
}

const maxPage = 100;

/** The attempt in row `a`. */
const attemptJson = sql.raw(`json_build_object(
  'id', a.id, 'endpointId', a.endpoint_id, 'eventId', a.event_id, 'attempt', a.attempt, 'attemptedAt', a.attempted_at,
  'delivered', a.delivered, 'status', a.status, 'latency', a.latency, 'error', a.error)`);

/** An event in a call that had this outcome, as an attempt. */
export function attemptOf(
  outcome: Outcome,
  about: Pick<NewAttempt, "endpointId" | "eventId" | "attempt" | "attemptedAt">,
): NewAttempt {
  const { kind, status, latency, error } = outcome;
  return { ...about, delivered: kind === "delivered", status, latency, error };
}

/** Remembers attempts, in the order given. Those of an endpoint that was deleted meanwhile are left out. */
export async function recordAttempts(
  database: Database,
  attempts: readonly NewAttempt[],
): Promise<WebhookAttempt[]> {
  const rows = attempts.map((attempt) => ({ id: uuidv7(), ...attempt }));
  return await database.many(
    sql`
      with standing as materialized (
        select id from webhook_endpoints
        where id in (select "endpointId" from json_to_recordset(${jsonParameter(rows)}) as r("endpointId" uuid))
        for key share
      ), a as (
        insert into webhook_attempts
          (id, endpoint_id, event_id, attempt, attempted_at, delivered, status, latency, error)
        select r.id, r."endpointId", r."eventId", r.attempt, r."attemptedAt", r.delivered, r.status, r.latency, r.error
        from json_to_recordset(${jsonParameter(rows)}) as r(id uuid, "endpointId" uuid, "eventId" uuid, attempt int,
          "attemptedAt" timestamptz, delivered boolean, status int, latency int, error text)
        where r."endpointId" in (select id from standing)
        returning *
      )
      select ${attemptJson} as result from a order by a.id`,
    attemptSchema,
  );
}

/**
 * A page of an endpoint's attempts. Served by webhook_attempts_list.
 * @throws InvalidInputError that names what is wrong.
 */
export async function listAttempts(
  database: Database,
  endpointId: string,
  { first, after }: AttemptPageRequest,
): Promise<AttemptPage> {
  if (!Number.isInteger(first) || first < 1 || first > maxPage) {
    throw new InvalidInputError("first", `must be 1 to ${maxPage}, not ${first}`);
  }
  if (after !== null && !isUuid(after))
    throw new InvalidInputError("after", "must be a cursor from this list");
  const items = await database.many(
    sql`
      select ${attemptJson} as result from webhook_attempts a
      where a.endpoint_id = ${endpointId}::uuid and ${after === null ? sql`true` : sql`a.id < ${after}::uuid`}
      order by a.id desc limit ${first + 1}::int`,
    attemptSchema,
  );
  return { items: items.slice(0, first), hasNext: items.length > first, hasPrevious: after !== null };
}

/** Which of these events the endpoint has had. Served by webhook_attempts_delivered. */
export async function deliveredAlready(
  database: Database,
  endpointId: string,
  eventIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const delivered = await database.many(
    sql`
      select to_json(a.event_id) as result from webhook_attempts a
      where a.endpoint_id = ${endpointId}::uuid and a.delivered
        and a.event_id in (select value::uuid from json_array_elements_text(${jsonParameter(eventIds)}))`,
    z.string(),
  );
  return new Set(delivered);
}

/**
 * Forgets at most `limit` attempts that are older than `retention` ms, the oldest first. Served by
 * webhook_attempts_by_time.
 * @returns how many
 */
export function trimAttempts(database: Database, retention: number, limit: number): Promise<number> {
  return database.one(
    sql`
      with gone as (
        delete from webhook_attempts where id in (
          select id from webhook_attempts
          where attempted_at < now() - ${retention}::float8 * interval '1 millisecond'
          order by attempted_at limit ${limit}::int for update skip locked
        ) returning 1
      )
      select to_json(count(*)::int) as result from gone`,
    z.int(),
  );
}
