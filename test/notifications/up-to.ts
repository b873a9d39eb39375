import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Database } from "../../src/server/database/database.js";
import { encodeCursor, encodeListCursor } from "../../src/server/notifications/cursor.js";
import { Domain, newUser } from "../kit/domain.js";
import { expectRefusal } from "./refusal.js";

export function changingUpTo(database: () => Database): void {
  describe("a command up to a cursor", () => {
    test("marks as read what was created up to it, and leaves unread what came since", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      await domain.createMany(userId, 2);
      const upTo = await domain.cursor(userId);
      const later = await domain.createMany(userId, 3);

      const { inbox, event } = await domain.service.markAllRead(userId, upTo);

      expect(inbox).toMatchObject({ unreadCount: 3, totalCount: 5 });
      expect(event).toMatchObject({ type: "all-read", unreadCount: 3, payload: { upToSequence: 2 } });
      expect(await domain.ids(userId, { filter: { ...everything, read: false } })).toEqual(
        later.toReversed(),
      );
    });

    test("clears what was created up to it", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const [first = ""] = await domain.createMany(userId, 2);
      await domain.service.markRead(userId, [first]);
      const upTo = await domain.cursor(userId);
      const later = await domain.createMany(userId, 2);

      const { inbox, event } = await domain.service.clear(userId, upTo);

      expect(inbox).toMatchObject({ unreadCount: 2, totalCount: 2 });
      expect(event).toMatchObject({ type: "cleared", unreadCount: 2, payload: { upToSequence: 3 } });
      expect(await domain.ids(userId)).toEqual(later.toReversed());
    });

    test("takes the cursor of any event", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      await domain.createMany(userId, 3);
      const [, second] = await domain.log(userId);
      if (second === undefined) throw new Error("no event");
      const { inbox } = await domain.service.markAllRead(userId, encodeCursor(userId, second));
      expect(inbox.unreadCount).toBe(1);
    });

    test("of the empty beginning changes nothing", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const upTo = await domain.cursor(userId);
      await domain.createMany(userId, 2);
      expect(await domain.service.clear(userId, upTo)).toMatchObject({
        event: null,
        inbox: { totalCount: 2 },
      });
      expect(await domain.service.markAllRead(userId, upTo)).toMatchObject({
        event: null,
        inbox: { unreadCount: 2 },
      });
    });

    test("beyond the head ends at the head, and takes nothing that comes later", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      await domain.createMany(userId, 2);
      const { epoch } = await domain.head(userId);
      const upTo = encodeCursor(userId, { epoch, sequence: 2_147_483_647 });
      const { event } = await domain.service.markAllRead(userId, upTo);
      expect(event).toMatchObject({ payload: { upToSequence: 2 } });
      await domain.createMany(userId, 1);
      expect((await domain.head(userId)).unreadCount).toBe(1);
    });

    test.each(["markAllRead", "clear"] as const)(
      "with another cursor is refused and changes nothing: %s",
      async (command) => {
        const domain = new Domain(database());
        const [userId, other] = [newUser(), newUser()];
        await domain.createMany(userId, 2);
        await domain.createMany(other, 2);
        const before = await domain.head(userId);
        const bad = [
          await domain.cursor(other),
          encodeCursor(userId, { epoch: randomUUID(), sequence: 2 }),
          encodeCursor(userId, { ...before, sequence: 2 ** 31 }),
          encodeListCursor(2),
          "",
          "🎉 no cursor",
          "A".repeat(100_000),
        ];
        for (const upTo of bad) {
          await expectRefusal("upTo", domain.service[command](userId, upTo));
        }
        expect(await domain.head(userId)).toEqual(before);
      },
    );
  });
}

const everything = {
  read: null,
  categories: null,
  priorities: null,
  createdAfter: null,
  createdBefore: null,
};
