import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import type { NotificationEvent } from "../../src/notifications/event.js";
import { claimUnpublished, markPublished } from "../../src/notifications/event-log.js";
import { databaseKinds, type OpenedDatabase, openTestDatabase } from "../kit/databases.js";
import { Domain, newUser } from "../kit/domain.js";
import { waitUntil } from "../services/wait-until.js";

/** Each test begins with all earlier events published. */
describe.each(databaseKinds)("events that wait to be published, on %s", (kind) => {
  let opened: OpenedDatabase;
  let domain: Domain;
  beforeAll(async () => {
    opened = await openTestDatabase(kind);
  });
  beforeEach(() => {
    domain = new Domain(opened.database);
  });
  afterEach(() => markPublished(opened.database, domain.committed));
  afterAll(() => opened[Symbol.asyncDispose]());

  const claim = (limit = 100, lease = 60_000) => claimUnpublished(opened.database, limit, lease);

  /** The two seconds of whoever committed the events are over. */
  async function leaseEnds(): Promise<void> {
    await opened.database.many(
      sql`with due as (update notification_events set publish_after = now() where publish_after is not null)
        select to_json(1) as result where false`,
      z.never(),
    );
  }

  /** Claims until something is there: who committed it has two seconds to publish it. */
  async function claimed(limit?: number, lease?: number): Promise<NotificationEvent[]> {
    const events: NotificationEvent[] = [];
    await waitUntil("Claiming", async () => events.push(...(await claim(limit, lease))) > 0, {
      interval: 20,
    });
    return events;
  }

  test("are left to whoever committed them for a while, and can be claimed then", async () => {
    await domain.createMany(newUser(), 2);
    expect(await claim()).toEqual([]);
    expect(await claimed()).toEqual(domain.committed);
  });

  test("are not claimed again while the lease lasts, and again when it is over", async () => {
    await domain.createMany(newUser(), 1);
    await leaseEnds();
    expect(await claimed(10, 300)).toEqual(domain.committed);
    expect(await claim()).toEqual([]);
    expect(await claimed()).toEqual(domain.committed);
  });

  test("go to several claimers in parts that do not overlap", async () => {
    await domain.createMany(newUser(), 60);
    await leaseEnds();
    const first = await claimed(10, 60_000);
    const others = await Promise.all(Array.from({ length: 8 }, () => claim(10)));
    const ids = [first, ...others].flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    // What one claimer had locked another passed over: it is there for the next.
    ids.push(...(await claim()).map(({ id }) => id));
    expect(ids.toSorted()).toEqual(domain.committed.map(({ id }) => id).toSorted());
  });

  test("are not claimed once they were marked, and to mark them again changes nothing", async () => {
    const userId = newUser();
    await domain.createMany(userId, 3);
    await leaseEnds();
    const [, second, third] = domain.committed;
    if (second === undefined || third === undefined) throw new Error("no events");
    await markPublished(opened.database, [second]);
    await markPublished(opened.database, [second, second, { userId: newUser(), sequence: 1 }]);
    await markPublished(opened.database, []);
    expect((await claimed()).map(({ sequence }) => sequence)).toEqual([1, 3]);
    await markPublished(opened.database, [third]);
    expect(await domain.log(userId)).toHaveLength(3);
  });
});
