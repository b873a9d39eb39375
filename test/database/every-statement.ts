import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Database } from "../../src/server/database/database.js";
import { ensureEpoch, readEpoch, renewEpoch } from "../../src/server/database/epoch.js";
import { inspect } from "../../src/server/database/inspect.js";
import { ping } from "../../src/server/database/ping.js";
import {
  deleteSelectedDeadLetters,
  storeDeadLetters,
  readNewestPosition,
  readSelectedDeadLetters,
  deleteDeadLetterVersions,
  purgeDeadLetters,
} from "../../src/server/delivery/dead-letters/store.js";
import { listDeadLetters } from "../../src/server/delivery/dead-letters/list.js";
import {
  findDeliveredEvents,
  listAttempts,
  recordAttempts,
  purgeAttempts,
} from "../../src/server/delivery/webhooks/attempt-store.js";
import {
  createEndpoint,
  deleteEndpoint,
  disableEndpoint,
  disableGoneEndpoint,
  enableEndpoint,
  findEndpointsFor,
  listEndpoints,
  readEndpoint,
  rotateSecret,
  updateEndpoint,
} from "../../src/server/delivery/webhooks/endpoint-store.js";
import {
  claimUnpublished,
  markPublished,
  readAfter,
  readHeads,
  purgeEvents,
} from "../../src/server/notifications/event-log.js";
import { purgeExpired, purgeIdempotencyKeys } from "../../src/server/notifications/purge.js";
import { createDeadLetter, pageOf, where } from "../delivery/dead-letter.js";
import { Domain, page, toUser } from "../kit/domain.js";
import { plumbing } from "../kit/explaining-database.js";
import { upTo } from "../kit/items.js";

/** Does everything that the service does with its database, with as much at once as it ever does, for one user above all. */
export async function runEveryStatement(database: Database, userId: string): Promise<void> {
  await ensureEpoch(database);
  await useInbox(database, userId);
  await useLog(database, userId);
  await useWebhooks(database);
  await useDeadLetters(database);
  await inspect(database);
  await ping(database);
  await readEpoch(database);
  await renewEpoch(database);
}

async function useInbox(database: Database, userId: string): Promise<void> {
  const domain = new Domain(database);
  const { service } = domain;
  const start = await domain.cursor(userId);
  await domain.createOne(toUser(userId, { idempotencyKey: randomUUID() }));
  await domain.createAll(upTo(1000).map((n) => toUser(`user ${n}`, { idempotencyKey: randomUUID() })));
  const ids = await domain.createMany(userId, 1000);
  await service.notification(ids[0] ?? "", userId);
  await service.markRead(userId, ids);
  await service.markUnread(userId, ids);
  await service.inbox(userId, []);
  await service.inbox(userId, [page(), page({ filter }), page({ filter: { ...filter, ...narrow } })]);
  await service.delete(userId, ids.slice(0, 500));
  await service.markAllRead(userId, start);
  await service.markAllRead(userId, null);
  await service.clear(userId, start);
  await service.clear(userId, null);
}

async function useLog(database: Database, userId: string): Promise<void> {
  const users = [userId, ...upTo(99).map((n) => `user ${n}`)];
  await readAfter(
    database,
    users.map((userId) => ({ userId, sequence: 1 })),
    100,
  );
  await readHeads(
    database,
    upTo(1000).map((n) => `user ${n}`),
  );
  await claimUnpublished(database, 500, 10_000);
  await markPublished(
    database,
    upTo(500).map((n) => ({ userId, sequence: n, id: randomUUID() })),
  );
  await purgeEvents(database, week, 500);
  await purgeExpired(database, 500);
  await purgeIdempotencyKeys(database, 500);
}

async function useWebhooks(database: Database): Promise<void> {
  const input = {
    url: "https://example.com",
    description: null,
    eventTypes: null,
    categories: null,
    batch: null,
  };
  const endpoint = await createEndpoint(database, input);
  const { id } = endpoint;
  await updateEndpoint(database, id, { description: "changed" });
  await disableEndpoint(database, id);
  await enableEndpoint(database, id);
  await rotateSecret(database, id);
  await readEndpoint(database, id);
  await listEndpoints(database);
  await findEndpointsFor(database, anEvent);
  const eventIds = upTo(1000).map(() => randomUUID());
  const attempt = {
    endpointId: id,
    attempt: 1,
    attemptedAt: new Date(),
    delivered: true,
    status: 200,
    latency: 5,
  };
  await recordAttempts(
    database,
    eventIds.map((eventId) => ({ ...attempt, eventId, error: null })),
  );
  await listAttempts(database, id, { first: 100, after: null });
  await findDeliveredEvents(database, id, eventIds);
  await purgeAttempts(database, week, 500);
  await disableGoneEndpoint(database, endpoint);
  await deleteEndpoint(database, id);
}

async function useDeadLetters(database: Database): Promise<void> {
  await storeDeadLetters(
    database,
    upTo(50).map(() => createDeadLetter()),
  );
  const last = await readNewestPosition(database);
  if (last === null) throw new Error("no dead letter was stored");
  const all = { filter: where({}) };
  const ids = { ids: upTo(1000).map(String) };
  await listDeadLetters(database, pageOf({ filter: where({ queue: "notification.new", type: "created" }) }));
  await listDeadLetters(database, pageOf({ filter: where({ queue: "notification.nowhere" }) }));
  const deadLetters = await readSelectedDeadLetters(database, all, null, last);
  await readSelectedDeadLetters(database, ids, last, last);
  await deleteDeadLetterVersions(database, deadLetters);
  await deleteSelectedDeadLetters(database, ids, last);
  await deleteSelectedDeadLetters(database, all, last);
  await purgeDeadLetters(database, week);
}

const week = 7 * 24 * 60 * 60 * 1000;

const filter = { read: false, categories: null, priorities: null, createdAfter: null, createdBefore: null };

const narrow = {
  categories: upTo(50).map((n) => `category.${n}`),
  priorities: ["NORMAL", "HIGH"] as const,
  createdAfter: new Date(0),
  createdBefore: new Date(),
};

const anEvent = {
  id: randomUUID(),
  userId: "user 1",
  epoch: randomUUID(),
  sequence: 1,
  occurredAt: new Date(),
  unreadCount: 0,
  type: "cleared",
  payload: { upToSequence: 1 },
} as const;

const src = fileURLToPath(new URL("../../src", import.meta.url));

/** Where in src/ statements are sent from, in the form of `ExplainedStatement.origin`. */
export function originsInSource(): string[] {
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  return files
    .filter((file) => !plumbing.has(file))
    .flatMap((file) =>
      readFileSync(join(src, file), "utf8")
        .split("\n")
        .flatMap((line, index) =>
          /\.(one|many)\(|database\.query\(/.test(line) ? [`${file}:${index + 1}`] : [],
        ),
    );
}
