import { randomUUID } from "node:crypto";
import { type SQL, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../../src/server/database/database.js";
import { z } from "zod";
import type { NotificationEvent } from "../../src/server/notifications/event.js";
import { claimUnpublished, markPublished } from "../../src/server/notifications/event-log.js";
import { Domain, newUser } from "../kit/domain.js";
import { waitUntil } from "../services/wait-until.js";

export function publishing(database: () => Database): void {
  describe("events that wait to be published", () => {
    let domain: Domain;
    beforeEach(async () => {
      domain = new Domain(database());
      // What other tests left.
      await setAll(sql`null`);
    });

    async function setAll(publishAfter: SQL): Promise<void> {
      await database().many(
        sql`with changed as (update notification_events set publish_after = ${publishAfter} where publish_after is not null)
        select to_json(1) as result where false`,
        z.never(),
      );
    }

    const claim = (limit = 100, lease = 60_000) => claimUnpublished(database(), limit, lease);

    /** The publish lease of the process that committed the events ends. */
    const leaseEnds = () => setAll(sql`now()`);

    /** Claims until something is there: who committed it has two seconds to publish it. */
    async function claimed(limit?: number, lease?: number): Promise<NotificationEvent[]> {
      const events: NotificationEvent[] = [];
      await waitUntil("Claiming", async () => events.push(...(await claim(limit, lease))) > 0, {
        interval: 20,
      });
      return events;
    }

    test("cannot be claimed before the publish lease of the process that committed them ends", async () => {
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
      // Events that one claimer had locked were skipped by the other: the next claim returns them.
      ids.push(...(await claim()).map(({ id }) => id));
      expect(ids.toSorted()).toEqual(domain.committed.map(({ id }) => id).toSorted());
    });

    test("are not claimed once they were marked, and to mark them again changes nothing", async () => {
      const userId = newUser();
      await domain.createMany(userId, 3);
      await leaseEnds();
      const [, second, third] = domain.committed;
      if (second === undefined || third === undefined) throw new Error("no events");
      await markPublished(database(), [second]);
      await markPublished(database(), [second, second, { ...second, userId: newUser() }]);
      await markPublished(database(), []);
      expect((await claimed()).map(({ sequence }) => sequence)).toEqual([1, 3]);
      await markPublished(database(), [third]);
      expect(await domain.log(userId)).toHaveLength(3);
    });

    test("are not marked for an event that had their number before the database lost it", async () => {
      await domain.createMany(newUser(), 1);
      await leaseEnds();
      const [event] = domain.committed;
      if (event === undefined) throw new Error("no events");
      await markPublished(database(), [{ ...event, id: randomUUID() }]);
      expect(await claimed()).toHaveLength(1);
    });
  });
}
