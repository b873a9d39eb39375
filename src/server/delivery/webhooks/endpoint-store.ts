/** The table of webhook endpoints, which has at most 200 rows. Times are those of the database's clock. */
import { and, asc, eq, sql } from "drizzle-orm";
import type { PgUpdateSetSource } from "drizzle-orm/pg-core";
import { validate as isUuid, v7 as uuidv7 } from "uuid";
import type { Database } from "../../database/database.js";
import { webhookEndpoints } from "../../database/tables.js";
import { InvalidInputError } from "../../notifications/errors.js";
import type { NotificationEvent } from "../../notifications/event.js";
import { endpointColumns, matchesEndpoint, toEndpoint, type WebhookEndpoint } from "./endpoint.js";
import { checkEndpoint, type EndpointChanges, type NewEndpoint } from "./endpoint-input.js";
import { newSecret } from "./signature.js";

/** Concurrent creations may exceed it. */
const maxEndpoints = 200;

const now = sql`now()`;

/** The oldest first. */
export async function listEndpoints(database: Database): Promise<WebhookEndpoint[]> {
  const rows = await database.query((db) =>
    db.select(endpointColumns).from(webhookEndpoints).orderBy(asc(webhookEndpoints.id)),
  );
  return rows.map(toEndpoint);
}

/** @returns null when no endpoint has this id */
export async function readEndpoint(database: Database, id: string): Promise<WebhookEndpoint | null> {
  if (!isUuid(id)) return null;
  const [row] = await database.query((db) =>
    db.select(endpointColumns).from(webhookEndpoints).where(eq(webhookEndpoints.id, id)),
  );
  return row === undefined ? null : toEndpoint(row);
}

/** The endpoints that receive an event. */
export async function findEndpointsFor(
  database: Database,
  event: NotificationEvent,
): Promise<WebhookEndpoint[]> {
  const rows = await database.query((db) =>
    db
      .select(endpointColumns)
      .from(webhookEndpoints)
      .where(eq(webhookEndpoints.enabled, true))
      .orderBy(asc(webhookEndpoints.id)),
  );
  return rows.map(toEndpoint).filter((endpoint) => matchesEndpoint(endpoint, event));
}

/**
 * Creates an endpoint, enabled, with a new secret.
 * @throws InvalidInputError that names the field that is wrong, or says that there are too many
 */
export async function createEndpoint(database: Database, input: NewEndpoint): Promise<WebhookEndpoint> {
  checkEndpoint(input);
  const [counted] = await database.query((db) =>
    db.select({ count: sql<number>`count(*)::int` }).from(webhookEndpoints),
  );
  if (counted === undefined || counted.count >= maxEndpoints) {
    throw new InvalidInputError("input", `must be one of at most ${maxEndpoints} webhook endpoints`);
  }
  const { url, description, ...filters } = input;
  const [row] = await database.query((db) =>
    db
      .insert(webhookEndpoints)
      .values({
        id: uuidv7(),
        url,
        description,
        enabled: true,
        ...toColumns(filters),
        secret: newSecret(),
        createdAt: now,
        updatedAt: now,
      })
      .returning(endpointColumns),
  );
  if (row === undefined) throw new Error("an insert returned no row");
  return toEndpoint(row);
}

/** @throws InvalidInputError that names the field that is wrong, `id` when there is no such endpoint */
export async function updateEndpoint(
  database: Database,
  id: string,
  changes: EndpointChanges,
): Promise<WebhookEndpoint> {
  checkEndpoint(changes);
  const { url, description, ...filters } = changes;
  return await change(database, id, { url, description, ...toColumns(filters) });
}

/** @throws InvalidInputError when there is no such endpoint */
export async function enableEndpoint(database: Database, id: string): Promise<WebhookEndpoint> {
  return await change(database, id, { enabled: true, disabledReason: null });
}

/**
 * Disables an endpoint. Its tasks stay in their queue.
 * @throws InvalidInputError when there is no such endpoint
 */
export async function disableEndpoint(database: Database, id: string): Promise<WebhookEndpoint> {
  return await change(database, id, { enabled: false, disabledReason: "BY_ADMIN" });
}

/**
 * Disables an endpoint that answered 410 Gone, unless an operator has disabled it or changed its URL since.
 * @returns whether it was disabled
 */
export async function disableGoneEndpoint(
  database: Database,
  { id, url }: Pick<WebhookEndpoint, "id" | "url">,
): Promise<boolean> {
  const { id: ofId, url: ofUrl, enabled } = webhookEndpoints;
  const disabled = await database.query((db) =>
    db
      .update(webhookEndpoints)
      .set({ enabled: false, disabledReason: "GONE", updatedAt: now })
      .where(and(eq(ofId, id), eq(ofUrl, url), eq(enabled, true)))
      .returning({ id: ofId }),
  );
  return disabled.length > 0;
}

/**
 * Gives an endpoint a new secret. The previous secret signs too for 24 hours, and no earlier one.
 * @throws InvalidInputError when there is no such endpoint
 */
export async function rotateSecret(database: Database, id: string): Promise<WebhookEndpoint> {
  return await change(database, id, {
    secret: newSecret(),
    previousSecret: sql`${webhookEndpoints.secret}`,
    previousSecretUntil: sql`now() + interval '24 hours'`,
  });
}

/** Deletes an endpoint and its attempts. @returns whether it existed */
export async function deleteEndpoint(database: Database, id: string): Promise<boolean> {
  if (!isUuid(id)) return false;
  const deleted = await database.query((db) =>
    db.delete(webhookEndpoints).where(eq(webhookEndpoints.id, id)).returning({ id: webhookEndpoints.id }),
  );
  return deleted.length > 0;
}

/** Columns that are undefined keep their values. */
async function change(
  database: Database,
  id: string,
  columns: PgUpdateSetSource<typeof webhookEndpoints>,
): Promise<WebhookEndpoint> {
  if (!isUuid(id)) throw unknownEndpoint();
  const [row] = await database.query((db) =>
    db
      .update(webhookEndpoints)
      .set({ ...columns, updatedAt: now })
      .where(eq(webhookEndpoints.id, id))
      .returning(endpointColumns),
  );
  if (row === undefined) throw unknownEndpoint();
  return toEndpoint(row);
}

export function unknownEndpoint(): InvalidInputError {
  return new InvalidInputError("id", "must be the id of a webhook endpoint");
}

/** Lists are stored without repeats. What is undefined stays undefined. */
function toColumns({
  eventTypes,
  categories,
  batch,
}: Pick<EndpointChanges, "eventTypes" | "categories" | "batch">) {
  return {
    eventTypes: eventTypes && [...new Set(eventTypes)],
    categories: categories && [...new Set(categories)],
    batchMaxEvents: batch && batch.maxEvents,
    batchMaxAge: batch && batch.maxAge,
  };
}
