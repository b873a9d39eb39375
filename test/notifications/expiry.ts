import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Database } from "../../src/server/database/database.js";
import { purgeExpired } from "../../src/server/notifications/purge.js";
import { Domain, newUser, toUser } from "../kit/domain.js";
import { waitUntil } from "../services/wait-until.js";

/** Longer than creating takes. */
const lifetime = 150;

export function expiring(database: () => Database): void {
  describe("a notification that has expired", () => {
    /** One that has expired, between two that never do. */
    async function withOneExpired() {
      const domain = new Domain(database());
      const userId = newUser();
      const [first = ""] = await domain.createMany(userId, 1);
      const expiring = await domain.createOne(toUser(userId, { expiresAt: new Date(Date.now() + lifetime) }));
      const [last = ""] = await domain.createMany(userId, 1);
      expect((await domain.log(userId)).map(({ unreadCount }) => unreadCount)).toEqual([1, 2, 3]);
      await waitUntil("Expiring", () => Date.now() > (expiring.expiresAt?.getTime() ?? 0), { interval: 5 });
      return { domain, userId, first, expiring, last };
    }

    /** Purges all that has expired here; answers the events of one user. */
    async function sweep(userId: string) {
      const events = await purgeExpired(database(), 1000);
      return events.filter((event) => event.userId === userId);
    }

    test("is hidden at once: from lists, counts and by its id", async () => {
      const { domain, userId, first, expiring, last } = await withOneExpired();
      expect(await domain.ids(userId)).toEqual([last, first]);
      expect((await domain.page(userId)).totalCount).toBe(2);
      expect((await domain.page(userId, { filter: unread })).totalCount).toBe(2);
      expect(await domain.head(userId)).toMatchObject({ sequence: 3, unreadCount: 2, totalCount: 2 });
      expect(await domain.service.notification(expiring.id, userId)).toBeNull();
      expect(await domain.service.notification(expiring.id, null)).toBeNull();
    });

    test("cannot be marked or deleted any more", async () => {
      const { domain, userId, expiring } = await withOneExpired();
      for (const change of ["markRead", "markUnread", "delete"] as const) {
        expect(await domain.service[change](userId, [expiring.id])).toMatchObject({
          event: null,
          notifications: [],
        });
      }
      await domain.service.markAllRead(userId, null);
      const marked = sql`select to_json(count(read_at)::int) as result from notifications where user_id = ${userId}`;
      expect(await database().one(marked, z.int())).toBe(2);
    });

    test("is left out of the badge of other events before it is swept", async () => {
      const { domain, userId, first, last } = await withOneExpired();
      await domain.createMany(userId, 1);
      await domain.service.markRead(userId, [first]);
      await domain.service.markUnread(userId, [first]);
      await domain.service.delete(userId, [first]);
      await domain.service.markRead(userId, [last]);
      const { inbox } = await domain.service.markAllRead(userId, null);
      expect(inbox).toMatchObject({ unreadCount: 0, totalCount: 2 });
      expect((await domain.log(userId)).slice(3).map(({ unreadCount }) => unreadCount)).toEqual([
        3, 2, 3, 2, 1, 0,
      ]);
    });

    test("is purged with one event that has the right unread count", async () => {
      const { domain, userId, expiring } = await withOneExpired();
      expect(await sweep(userId)).toMatchObject([
        { type: "deleted", sequence: 4, unreadCount: 2, payload: { notificationIds: [expiring.id] } },
      ]);
      expect(await sweep(userId)).toEqual([]);
      expect(await domain.head(userId)).toMatchObject({ sequence: 4, unreadCount: 2, totalCount: 2 });
      expect(await domain.log(userId)).toHaveLength(4);
    });

    test("that was read counts for nothing when it is swept", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      await domain.createMany(userId, 1);
      const { id } = await domain.createOne(toUser(userId, { expiresAt: new Date(Date.now() + lifetime) }));
      await domain.service.markRead(userId, [id]);
      await waitUntil("Expiring", async () => (await domain.head(userId)).totalCount === 1, { interval: 5 });
      expect(await sweep(userId)).toMatchObject([{ type: "deleted", unreadCount: 1 }]);
      expect(await domain.head(userId)).toMatchObject({ unreadCount: 1, totalCount: 1 });
    });

    test("is swept with the others of its user in one event, and a part at a time when there are many", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const expiresAt = new Date(Date.now() + lifetime);
      await domain.createAll(Array.from({ length: 5 }, () => toUser(userId, { expiresAt })));
      await waitUntil("Expiring", async () => (await domain.head(userId)).totalCount === 0, { interval: 5 });
      const sweeps = [await purgeExpired(database(), 2), await purgeExpired(database(), 10)].map((events) =>
        events.filter((event) => event.userId === userId),
      );
      expect(sweeps).toMatchObject([[{ unreadCount: 0 }], [{ unreadCount: 0 }]]);
      const ids = sweeps
        .flat()
        .map((event) => event.type === "deleted" && event.payload.notificationIds.length);
      expect(ids).toEqual([2, 3]);
    });

    test("is cleared with the rest, and never swept", async () => {
      const { domain, userId } = await withOneExpired();
      const { inbox, event } = await domain.service.clear(userId, null);
      expect(inbox).toMatchObject({ unreadCount: 0, totalCount: 0 });
      expect(event).toMatchObject({ unreadCount: 0, payload: { upToSequence: 3 } });
      expect(await sweep(userId)).toEqual([]);
    });

    test("beyond the bound of a clear stays out of the counts", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      await domain.createMany(userId, 2);
      const upTo = await domain.cursor(userId);
      await domain.createOne(toUser(userId, { expiresAt: new Date(Date.now() + lifetime) }));
      await waitUntil("Expiring", async () => (await domain.head(userId)).totalCount === 2, { interval: 5 });
      await domain.createMany(userId, 1);
      const { inbox, event } = await domain.service.clear(userId, upTo);
      expect(inbox).toMatchObject({ unreadCount: 1, totalCount: 1 });
      expect(event).toMatchObject({ unreadCount: 1 });
    });
  });
}

const unread = { read: false, categories: null, priorities: null, createdAfter: null, createdBefore: null };
