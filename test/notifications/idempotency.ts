import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Database } from "../../src/database/database.js";
import { Domain, newUser, toUser } from "../kit/domain.js";

export function idempotency(database: () => Database): void {
  describe("an idempotency key", () => {
    test("gives the first result again, and no second event", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const idempotencyKey = randomUUID();
      const first = await domain.createOne(toUser(userId, { idempotencyKey, data: { n: 1 } }));
      const again = await domain.createOne(
        toUser(userId, { idempotencyKey, data: { n: 2 }, title: "Another" }),
      );
      expect(again).toEqual(first);
      expect(await domain.head(userId)).toMatchObject({ sequence: 1, unreadCount: 1, totalCount: 1 });
      expect(domain.committed).toHaveLength(1);
    });

    test("gives the notification as it was created, whatever became of it", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const idempotencyKey = randomUUID();
      const first = await domain.createOne(toUser(userId, { idempotencyKey }));
      await domain.service.clear(userId, null);
      expect(await domain.createOne(toUser(userId, { idempotencyKey }))).toEqual(first);
      expect(await domain.head(userId)).toMatchObject({ sequence: 2, totalCount: 0 });
    });

    test("holds within one bulk", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const idempotencyKey = randomUUID();
      const [first, second, third, fourth] = await domain.createAll([
        toUser(userId, { idempotencyKey }),
        toUser(userId),
        toUser(userId, { idempotencyKey, title: "Repeat" }),
        toUser(userId),
      ]);
      expect(third).toEqual(first);
      expect(new Set([first, second, fourth].map((notification) => notification?.id)).size).toBe(3);
      expect((await domain.log(userId)).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    });

    test("makes a bulk of old and new give the old and create the new", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const keys = [randomUUID(), randomUUID(), randomUUID()];
      const inputs = keys.map((idempotencyKey) => toUser(userId, { idempotencyKey }));
      const [, old] = inputs;
      if (old === undefined) throw new Error("no input");
      const first = await domain.createOne(old);
      const created = await domain.createAll(inputs);
      expect(created[1]).toEqual(first);
      expect(await domain.createAll(inputs)).toEqual(created);
      expect(await domain.head(userId)).toMatchObject({ sequence: 3, totalCount: 3 });
    });

    test("of another sender is another key", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const idempotencyKey = randomUUID();
      const first = await domain.createOne(toUser(userId, { idempotencyKey }), "shop");
      const second = await domain.createOne(toUser(userId, { idempotencyKey }), "bank");
      expect(second.id).not.toBe(first.id);
      expect(await domain.head(userId)).toMatchObject({ totalCount: 2 });
    });

    test("used by many at the same time creates one notification with one event", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const idempotencyKey = randomUUID();
      const created = await Promise.all(
        Array.from({ length: 20 }, () => domain.createOne(toUser(userId, { idempotencyKey }))),
      );
      expect(new Set(created.map(({ id }) => id)).size).toBe(1);
      expect(await domain.log(userId)).toHaveLength(1);
      expect(domain.committed).toHaveLength(1);
    });

    test("of many, used by overlapping bulks to different users at the same time, creates one notification each", async () => {
      const domain = new Domain(database());
      const keys = Array.from({ length: 5 }, () => randomUUID());
      const users = [newUser(), newUser(), newUser()];
      const bulks = await Promise.all(
        Array.from({ length: 20 }, (_, bulk) =>
          domain.createAll(
            keys
              .slice(bulk % 4)
              .map((idempotencyKey, index) =>
                toUser(users[(bulk + index) % 3] ?? newUser(), { idempotencyKey, data: idempotencyKey }),
              ),
          ),
        ),
      );
      const byKey = new Map<unknown, Set<string>>();
      for (const { data, id } of bulks.flat()) byKey.set(data, (byKey.get(data) ?? new Set()).add(id));
      expect([...byKey.values()].map((ids) => ids.size)).toEqual([1, 1, 1, 1, 1]);
      const logs = await Promise.all(users.map((userId) => domain.log(userId)));
      expect(logs.flat()).toHaveLength(5);
      expect(domain.committed).toHaveLength(5);
    });
  });
}
