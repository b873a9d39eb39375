import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Database } from "../../src/server/database/database.js";
import { Domain, newUser } from "../kit/domain.js";

const unknownIds = ["no id at all", "", "\0", randomUUID()];

export function changing(database: () => Database): void {
  describe("changing notifications", () => {
    test("marks as read, and says which and when", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const [first = "", second = "", third = ""] = await domain.createMany(userId, 3);

      const { inbox, notifications, event } = await domain.service.markRead(userId, [first, third]);

      expect(inbox).toMatchObject({ sequence: 4, unreadCount: 1, totalCount: 3 });
      expect(notifications.map(({ id }) => id)).toEqual([third, first]);
      expect(event).toMatchObject({ type: "read", sequence: 4, unreadCount: 1 });
      const [readAt] = notifications.map((notification) => notification.readAt);
      if (event?.type !== "read") throw new Error("no event");
      expect(event.payload.notificationIds.toSorted()).toEqual([first, third]);
      expect(event.payload.readAt).toEqual(readAt);
      expect(await domain.service.notification(third, userId)).toMatchObject({ readAt });
      expect(await domain.service.notification(second, userId)).toMatchObject({ readAt: null });
    });

    test("marks as unread again", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const ids = await domain.createMany(userId, 3);
      await domain.service.markRead(userId, ids);
      const { inbox, notifications, event } = await domain.service.markUnread(userId, ids.slice(1));
      expect(inbox).toMatchObject({ sequence: 5, unreadCount: 2, totalCount: 3 });
      expect(notifications.map(({ id, readAt }) => [id, readAt])).toEqual([
        [ids[2], null],
        [ids[1], null],
      ]);
      expect(event).toMatchObject({ type: "unread", unreadCount: 2 });
    });

    test("deletes read and unread ones", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const [first = "", second = "", third = ""] = await domain.createMany(userId, 3);
      await domain.service.markRead(userId, [first]);
      const { inbox, event } = await domain.service.delete(userId, [first, second]);
      expect(inbox).toMatchObject({ sequence: 5, unreadCount: 1, totalCount: 1 });
      expect(event).toMatchObject({ type: "deleted", unreadCount: 1 });
      expect(await domain.ids(userId)).toEqual([third]);
      expect(await domain.service.notification(first, userId)).toBeNull();
    });

    test("marks all as read, many at once", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      await domain.createMany(userId, 5);
      const { inbox, event } = await domain.service.markAllRead(userId, null);
      expect(inbox).toMatchObject({ sequence: 6, unreadCount: 0, totalCount: 5 });
      expect(event).toMatchObject({ type: "all-read", unreadCount: 0, payload: { upToSequence: 5 } });
    });

    test("clears everything, read and unread", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const [first = ""] = await domain.createMany(userId, 4);
      await domain.service.markRead(userId, [first]);
      const { inbox, event } = await domain.service.clear(userId, null);
      expect(inbox).toMatchObject({ sequence: 6, unreadCount: 0, totalCount: 0 });
      expect(event).toMatchObject({ type: "cleared", unreadCount: 0, payload: { upToSequence: 5 } });
      expect(await domain.ids(userId)).toEqual([]);
    });

    test("ignores ids that are unchanged, unknown, another user's or repeated", async () => {
      const domain = new Domain(database());
      const [userId, other] = [newUser(), newUser()];
      const [first = "", second = ""] = await domain.createMany(userId, 2);
      const [foreign = ""] = await domain.createMany(other, 1);
      await domain.service.markRead(userId, [first]);

      const ids = [first, second, second.toUpperCase(), foreign, ...unknownIds];
      const read = await domain.service.markRead(userId, ids);
      expect(read.notifications.map(({ id }) => id)).toEqual([second]);
      const deleted = await domain.service.delete(userId, ids);
      expect(deleted.event).toMatchObject({ payload: { notificationIds: [second, first] } });
      expect(await domain.head(other)).toMatchObject({ sequence: 1, unreadCount: 1, totalCount: 1 });
    });

    test("makes no event where nothing changes", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const ids = await domain.createMany(userId, 2);
      await domain.service.markAllRead(userId, null);
      const before = await domain.head(userId);
      domain.committed.length = 0;

      for (const nothing of [
        () => domain.service.markRead(userId, ids),
        () => domain.service.markRead(userId, unknownIds),
        () => domain.service.markAllRead(userId, null),
        () => domain.service.delete(userId, unknownIds),
        () => domain.service.markUnread(userId, unknownIds),
      ]) {
        expect(await nothing()).toEqual({ inbox: before, notifications: [], event: null });
      }
      expect(domain.committed).toEqual([]);
      expect(await domain.head(userId)).toEqual(before);
    });

    test("of someone who is unknown changes nothing", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const empty = await domain.head(userId);
      expect(empty).toMatchObject({ userId, sequence: 0, unreadCount: 0, totalCount: 0 });
      const { service } = domain;
      expect(await service.clear(userId, null)).toEqual({ inbox: empty, notifications: [], event: null });
      expect(await service.markAllRead(userId, null)).toMatchObject({ inbox: empty, event: null });
      expect(await service.delete(userId, [randomUUID()])).toMatchObject({ inbox: empty, event: null });
    });

    test.each([0, 1001])("refuses %i ids", async (count) => {
      const { service } = new Domain(database());
      const ids = Array.from({ length: count }, () => randomUUID());
      await expect(service.markRead("ada", ids)).rejects.toMatchObject({ field: "ids" });
      await expect(service.markUnread("ada", ids)).rejects.toMatchObject({ field: "ids" });
      await expect(service.delete("ada", ids)).rejects.toMatchObject({ field: "ids" });
    });

    test("takes 1,000 ids", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const ids = await domain.createMany(userId, 1000);
      expect(await domain.service.markRead(userId, ids)).toMatchObject({ inbox: { unreadCount: 0 } });
      expect(await domain.service.delete(userId, ids)).toMatchObject({ inbox: { totalCount: 0 } });
    });
  });
}
