import { type SQL, sql } from "drizzle-orm";
import { validate as isUuid, v7 as uuidv7 } from "uuid";
import type { Database } from "../../database/database.js";
import { InvalidInputError } from "../../notifications/errors.js";
import type { NotificationEvent } from "../../notifications/event.js";
import { jsonParameter } from "../../notifications/statements.js";
import { endpointJson, endpointSchema, wants, type WebhookEndpoint } from "./endpoint.js";
import { checkEndpoint, type EndpointChanges, type NewEndpoint } from "./endpoint-input.js";
import { newSecret } from "./secret.js";

/** So many there may be; two that are made at the very same moment may both pass it. */
const maxEndpoints = 200;

/** Those of all operators, the oldest first. */
export function listEndpoints(database: Database): Promise<WebhookEndpoint[]> {
  return database.many(
    sql`select ${endpointJson} as result from webhook_endpoints w order by w.id`,
    endpointSchema,
  );
}

/** null: there is none of this id. */
export async function readEndpoint(database: Database, id: string): Promise<WebhookEndpoint | null> {
  if (!isUuid(id)) return null;
  const [endpoint] = await database.many(
    sql`select ${endpointJson} as result from webhook_endpoints w where w.id = ${id}::uuid`,
    endpointSchema,
  );
  return endpoint ?? null;
}

/** The endpoints that an event is to be posted to now. */
export async function endpointsFor(database: Database, event: NotificationEvent): Promise<WebhookEndpoint[]> {
  const enabled = await database.many(
    sql`select ${endpointJson} as result from webhook_endpoints w where w.enabled order by w.id`,
    endpointSchema,
  );
  return enabled.filter((endpoint) => wants(endpoint, event));
}

/**
 * Creates an endpoint, enabled, with a secret of its own.
 * @throws InvalidInputError that names what is wrong, also when there are too many.
 */
export async function createEndpoint(database: Database, input: NewEndpoint): Promise<WebhookEndpoint> {
  checkEndpoint(input);
  const { url, description, eventTypes, categories, batch } = input;
  const [endpoint] = await database.many(
    sql`
      with w as (
        insert into webhook_endpoints (id, url, description, enabled, event_types, categories, batch_max_events,
          batch_max_age, secret, created_at, updated_at)
        select ${uuidv7()}::uuid, ${url}, ${description}::text, true, ${listParameter(eventTypes)},
          ${listParameter(categories)}, ${batch?.maxEvents ?? null}::int, ${batch?.maxAge ?? null}::int, ${newSecret()},
          now(), now()
        where (select count(*) from webhook_endpoints) < ${maxEndpoints}::int
        returning *
      )
      select ${endpointJson} as result from w`,
    endpointSchema,
  );
  if (endpoint === undefined) {
    throw new InvalidInputError("input", `must be one of at most ${maxEndpoints} webhook endpoints`);
  }
  return endpoint;
}

/** @throws InvalidInputError that names what is wrong, `id` when there is no such endpoint. */
export async function updateEndpoint(
  database: Database,
  id: string,
  changes: EndpointChanges,
): Promise<WebhookEndpoint> {
  checkEndpoint(changes);
  const { url, description, eventTypes, categories, batch } = changes;
  const columns: SQL[] = [];
  if (url !== undefined) columns.push(sql`url = ${url}`);
  if (description !== undefined) columns.push(sql`description = ${description}::text`);
  if (eventTypes !== undefined) columns.push(sql`event_types = ${listParameter(eventTypes)}`);
  if (categories !== undefined) columns.push(sql`categories = ${listParameter(categories)}`);
  if (batch !== undefined) {
    columns.push(sql`batch_max_events = ${batch?.maxEvents ?? null}::int`);
    columns.push(sql`batch_max_age = ${batch?.maxAge ?? null}::int`);
  }
  return await change(database, id, columns);
}

/** @throws InvalidInputError */
export async function enableEndpoint(database: Database, id: string): Promise<WebhookEndpoint> {
  return await change(database, id, [sql`enabled = true`, sql`disabled_reason = null`]);
}

/** What waits for it stays in its queue. @throws InvalidInputError */
export async function disableEndpoint(database: Database, id: string): Promise<WebhookEndpoint> {
  return await change(database, id, [sql`enabled = false`, sql`disabled_reason = 'BY_ADMIN'`]);
}

/**
 * Disables an endpoint that answered 410 Gone; does nothing where an operator has disabled it, or changed its URL, since.
 * @returns whether it did
 */
export async function disableGoneEndpoint(
  database: Database,
  { id, url }: Pick<WebhookEndpoint, "id" | "url">,
): Promise<boolean> {
  const disabled = await database.many(
    sql`
      update webhook_endpoints w set enabled = false, disabled_reason = 'GONE', updated_at = now()
      where w.id = ${id}::uuid and w.url = ${url} and w.enabled
      returning ${endpointJson} as result`,
    endpointSchema,
  );
  return disabled.length > 0;
}

/**
 * Gives an endpoint a new secret. The one before signs too for 24 hours; the one before that does not any more.
 * @throws InvalidInputError
 */
export async function rotateSecret(database: Database, id: string): Promise<WebhookEndpoint> {
  return await change(database, id, [
    sql`secret = ${newSecret()}`,
    sql`previous_secret = secret`,
    sql`previous_secret_until = now() + interval '24 hours'`,
  ]);
}

/** Deletes an endpoint with its attempts. @returns whether it was there */
export async function deleteEndpoint(database: Database, id: string): Promise<boolean> {
  if (!isUuid(id)) return false;
  const deleted = await database.many(
    sql`delete from webhook_endpoints w where w.id = ${id}::uuid returning ${endpointJson} as result`,
    endpointSchema,
  );
  return deleted.length > 0;
}

async function change(database: Database, id: string, columns: readonly SQL[]): Promise<WebhookEndpoint> {
  const [endpoint] = isUuid(id)
    ? await database.many(
        sql`
          update webhook_endpoints w set ${sql.join([...columns, sql`updated_at = now()`], sql`, `)}
          where w.id = ${id}::uuid
          returning ${endpointJson} as result`,
        endpointSchema,
      )
    : [];
  if (endpoint === undefined) throw unknownEndpoint();
  return endpoint;
}

/** Nobody can do anything with an endpoint that is not there. */
export function unknownEndpoint(): InvalidInputError {
  return new InvalidInputError("id", "must be the id of a webhook endpoint");
}

/** A list without repeats; SQL's null, which is not JSON's, for none. */
function listParameter(list: readonly string[] | null): SQL {
  return list === null ? sql`null::json` : jsonParameter([...new Set(list)]);
}
