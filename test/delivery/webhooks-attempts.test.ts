import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../src/server/database/database.js";
import {
  attemptOf,
  findDeliveredEvents,
  listAttempts,
  type NewAttempt,
  recordAttempts,
  purgeAttempts,
} from "../../src/server/delivery/webhooks/attempt-store.js";
import { createEndpoint, deleteEndpoint } from "../../src/server/delivery/webhooks/endpoint-store.js";
import type { Outcome } from "../../src/server/delivery/webhooks/outcome.js";
import { databaseKinds, type OpenedDatabase, openTestDatabase } from "../kit/databases.js";
import { expectRefusal } from "../notifications/refusal.js";

const delivered: Outcome = { kind: "delivered", status: 204, latency: 12, error: null, retryAfter: null };
const failed: Outcome = {
  kind: "retry",
  status: null,
  latency: 7,
  error: 'no "answer" 🎉',
  retryAfter: null,
};

function attempt(endpointId: string, outcome = delivered, fields: Partial<NewAttempt> = {}): NewAttempt {
  const about = { endpointId, eventId: randomUUID(), attempt: 1, attemptedAt: new Date() };
  return { ...attemptOf(outcome, about), ...fields };
}

describe.each(databaseKinds)("webhook attempts on %s", (kind) => {
  let opened: OpenedDatabase;
  let database: Database;
  beforeAll(async () => {
    opened = await openTestDatabase(kind);
    database = opened.database;
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  async function newEndpoint(): Promise<string> {
    const all = { description: null, eventTypes: null, categories: null, batch: null };
    return (await createEndpoint(database, { url: "https://hooks.example/", ...all })).id;
  }

  test("are remembered as they were, and listed page by page, newest first", async () => {
    const [endpointId, other] = [await newEndpoint(), await newEndpoint()];
    const made = Array.from({ length: 25 }, (_, index) =>
      attempt(endpointId, index % 2 === 0 ? delivered : failed, { attempt: index + 1 }),
    );
    const recorded = await recordAttempts(database, [attempt(other), ...made]);
    expect(recorded.slice(1)).toMatchObject(made);
    const newestFirst = recorded.slice(1).toReversed();

    const first = await listAttempts(database, endpointId, { first: 10, after: null });
    expect(first).toEqual({ items: newestFirst.slice(0, 10), hasNext: true, hasPrevious: false });
    const next = await listAttempts(database, endpointId, { first: 10, after: first.items[9]?.id ?? "" });
    expect(next).toEqual({ items: newestFirst.slice(10, 20), hasNext: true, hasPrevious: true });
    const last = await listAttempts(database, endpointId, { first: 100, after: next.items[9]?.id ?? "" });
    expect(last).toEqual({ items: newestFirst.slice(20), hasNext: false, hasPrevious: true });
  });

  test("are listed 1 to 100 at a time, after a cursor of the list", async () => {
    const endpointId = await newEndpoint();
    for (const first of [0, 101, 1.5]) {
      await expectRefusal("first", listAttempts(database, endpointId, { first, after: null }));
    }
    await expectRefusal("after", listAttempts(database, endpointId, { first: 1, after: "no cursor" }));
  });

  test("of an endpoint that is gone are left out, and go with it", async () => {
    const [endpointId, deleted] = [await newEndpoint(), await newEndpoint()];
    await recordAttempts(database, [attempt(deleted)]);
    await deleteEndpoint(database, deleted);
    const recorded = await recordAttempts(database, [attempt(deleted), attempt(endpointId)]);
    expect(recorded.map((row) => row.endpointId)).toEqual([endpointId]);
    expect(await listAttempts(database, deleted, { first: 1, after: null })).toMatchObject({ items: [] });
    expect(await recordAttempts(database, [])).toEqual([]);
  });

  test("tell which events an endpoint has had", async () => {
    const [endpointId, other] = [await newEndpoint(), await newEndpoint()];
    const [had, failedOnly, ofOther] = [attempt(endpointId), attempt(endpointId, failed), attempt(other)];
    await recordAttempts(database, [{ ...had, delivered: false }, had, had, failedOnly, ofOther]);
    const asked = [had, failedOnly, ofOther].map(({ eventId }) => eventId);
    expect(await findDeliveredEvents(database, endpointId, [...asked, randomUUID()])).toEqual(
      new Set([had.eventId]),
    );
    expect(await findDeliveredEvents(database, endpointId, [])).toEqual(new Set());
  });

  test("are purged after their retention, in batches", async () => {
    const endpointId = await newEndpoint();
    const hour = 3_600_000;
    const ages = [5, 4, 3, 2, 0];
    await recordAttempts(
      database,
      ages.map((hours) =>
        attempt(endpointId, delivered, { attemptedAt: new Date(Date.now() - hours * hour), attempt: hours }),
      ),
    );
    expect(await purgeAttempts(database, 2.5 * hour, 2)).toBe(2);
    expect(await purgeAttempts(database, 2.5 * hour, 2)).toBe(1);
    expect(await purgeAttempts(database, 2.5 * hour, 2)).toBe(0);
    const { items } = await listAttempts(database, endpointId, { first: 10, after: null });
    expect(items.map(({ attempt }) => attempt)).toEqual([0, 2]);
  });
});
