import { describe, expect, test } from "vitest";
import type { Database } from "../../src/server/database/database.js";
import type { NotificationFilter } from "../../src/server/notifications/queries.js";
import { encodeListCursor } from "../../src/server/notifications/cursor.js";
import { Domain, newUser, page, toUser } from "../kit/domain.js";

function where(fields: Partial<NotificationFilter>): { filter: NotificationFilter } {
  const none = { read: null, categories: null, priorities: null, createdAfter: null, createdBefore: null };
  return { filter: { ...none, ...fields } };
}

export function listing(database: () => Database): void {
  describe("the list of notifications", () => {
    test("is narrowed by every field of a filter, and counted under it", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const [a, b, c, d] = await domain.createAll([
        toUser(userId, { category: "order.shipped", priority: "HIGH" }),
        toUser(userId, { category: "order.paid", priority: "LOW" }),
        toUser(userId, { category: "chat", priority: "HIGH" }),
        toUser(userId, { category: "chat", priority: "URGENT" }),
      ]);
      if (!a || !b || !c || !d) throw new Error("not all were created");
      await domain.service.markRead(userId, [b.id, d.id]);

      const narrowed: [Partial<NotificationFilter>, string[]][] = [
        [{}, [d.id, c.id, b.id, a.id]],
        [{ read: true }, [d.id, b.id]],
        [{ read: false }, [c.id, a.id]],
        [{ categories: ["chat", "order.paid"] }, [d.id, c.id, b.id]],
        [{ categories: [] }, []],
        [{ categories: ["order"] }, []],
        [{ priorities: ["HIGH", "LOW"] }, [c.id, b.id, a.id]],
        [{ read: false, categories: ["chat"], priorities: ["HIGH"] }, [c.id]],
        [{ createdAfter: new Date(Date.now() + 60_000) }, []],
        [{ createdBefore: new Date(Date.now() + 60_000) }, [d.id, c.id, b.id, a.id]],
      ];
      for (const [filter, ids] of narrowed) {
        const { items, totalCount } = await domain.page(userId, where(filter));
        expect(items.map(({ notification }) => notification.id)).toEqual(ids);
        expect(totalCount).toBe(ids.length);
      }
    });

    test("leaves out what was created at the very bounds of time", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const { createdAt } = await domain.createOne(toUser(userId));
      const [before, after] = [new Date(createdAt.getTime() - 1), new Date(createdAt.getTime() + 1)];
      expect(await domain.ids(userId, where({ createdAfter: createdAt }))).toEqual([]);
      expect(await domain.ids(userId, where({ createdBefore: createdAt }))).toEqual([]);
      expect(await domain.ids(userId, where({ createdAfter: before, createdBefore: after }))).toHaveLength(1);
    });

    test.each([
      ["NUL", "\0"],
      ["half a surrogate pair", "\uD800"],
      ["a quote", "'"],
      ["something long", "c".repeat(100_000)],
    ])("finds nothing in a category that cannot be: %s", async (_name, category) => {
      const domain = new Domain(database());
      const userId = newUser();
      await domain.createMany(userId, 1);
      expect(await domain.ids(userId, where({ categories: [category] }))).toEqual([]);
      expect(await domain.ids(userId, where({ categories: [category, "test.plain"] }))).toHaveLength(1);
    });

    test.each([-8_640_000_000_000_000, -62_198_755_200_000, 253_402_300_800_000, 8_640_000_000_000_000])(
      "can be bounded by any instant: %i",
      async (time) => {
        const domain = new Domain(database());
        const userId = newUser();
        await domain.createMany(userId, 1);
        const instant = new Date(time);
        expect(await domain.ids(userId, where({ createdAfter: instant }))).toHaveLength(time < 0 ? 1 : 0);
        expect(await domain.ids(userId, where({ createdBefore: instant }))).toHaveLength(time < 0 ? 0 : 1);
      },
    );

    test("comes page by page, complete and without repeats, while new ones are created", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const ids = await domain.createMany(userId, 25);
      const seen: string[] = [];
      let after: string | null = null;
      const pages: [boolean, boolean, number | null][] = [];
      do {
        const { items, hasNext, hasPrevious, totalCount } = await domain.page(userId, { first: 7, after });
        seen.push(...items.map(({ notification }) => notification.id));
        pages.push([hasNext, hasPrevious, totalCount]);
        await domain.createMany(userId, 2);
        const last = items.at(-1);
        after = hasNext && last !== undefined ? encodeListCursor(last.createdSequence) : null;
      } while (after !== null);
      expect(seen).toEqual(ids.toReversed());
      expect(pages).toEqual([
        [true, false, 25],
        [true, true, 27],
        [true, true, 29],
        [false, true, 31],
      ]);
    });

    test("continues after a notification that was deleted", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const [first = "", second = ""] = await domain.createMany(userId, 3);
      await domain.service.delete(userId, [second]);
      expect(await domain.ids(userId, { after: encodeListCursor(2) })).toEqual([first]);
    });

    test("ends where a page is exactly full", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      await domain.createMany(userId, 100);
      expect(await domain.page(userId, { first: 100 })).toMatchObject({ hasNext: false, totalCount: 100 });
    });

    test("is counted only when that is asked for", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      await domain.createMany(userId, 1);
      expect((await domain.page(userId, { countAll: false })).totalCount).toBeNull();
      expect(
        (await domain.page(userId, { ...where({ read: false }), countAll: false })).totalCount,
      ).toBeNull();
    });

    test.each([0, -1, 101, 1.5, Number.NaN])("has no page of %d", async (first) => {
      const domain = new Domain(database());
      await expect(domain.page(newUser(), { first })).rejects.toMatchObject({ field: "first" });
    });

    test("refuses what is no cursor of a list, and too many categories", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      for (const after of ["", "garbage", await domain.cursor(userId), encodeListCursor(2 ** 31)]) {
        await expect(domain.page(userId, { after })).rejects.toMatchObject({ field: "after" });
      }
      const categories = Array.from({ length: 51 }, (_, index) => `c${index}`);
      await expect(domain.page(userId, where({ categories }))).rejects.toMatchObject({
        field: "filter.categories",
      });
    });

    test("is read with the counts and the head in one snapshot, while others write", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const write = async () => {
        for (let turn = 0; turn < 40; turn += 1) {
          await domain.createMany(userId, 3);
          if (turn % 3 === 0) await domain.service.markAllRead(userId, null);
          if (turn % 10 === 9) await domain.service.clear(userId, null);
        }
      };
      const progress = { written: false };
      const writing = write().finally(() => {
        progress.written = true;
      });
      while (!progress.written) {
        const { head, pages } = await domain.service.inbox(userId, [page(), page(where({ read: false }))]);
        const [all, unread] = pages;
        expect([all?.totalCount, all?.items.length]).toEqual([head.totalCount, head.totalCount]);
        expect([unread?.totalCount, unread?.items.length]).toEqual([head.unreadCount, head.unreadCount]);
        expect(head.sequence).toBeGreaterThanOrEqual(all?.items[0]?.createdSequence ?? 0);
      }
      await writing;
    });

    test("of someone who is unknown is empty", async () => {
      const domain = new Domain(database());
      expect(await domain.page(newUser())).toEqual({
        items: [],
        hasNext: false,
        hasPrevious: false,
        totalCount: 0,
      });
    });
  });
}
