import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Database } from "../../src/server/database/database.js";
import type { NewNotification } from "../../src/server/notifications/input.js";
import { type Notification, notificationSchema } from "../../src/server/notifications/notification.js";
import { purgeExpired } from "../../src/server/notifications/purge.js";
import { Domain, newUser, toUser } from "../kit/domain.js";
import { waitUntil } from "../services/wait-until.js";
import { expectRefusal } from "./refusal.js";

export function idempotency(database: () => Database): void {
  describe("an idempotency key", () => {
    test("gives the first result again for the same input, and no second event", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const input = toUser(userId, {
        idempotencyKey: randomUUID(),
        body: "A body",
        data: { n: 1, deep: { list: [1.5, null, "x"], a: 1 } },
        actionUrl: "/orders/7",
        priority: "HIGH",
        expiresAt: new Date(Date.now() + 3_600_000),
      });
      const first = await domain.createOne(input);
      expect(await domain.createOne(input)).toEqual(first);
      expect(await domain.head(userId)).toMatchObject({ sequence: 1, unreadCount: 1, totalCount: 1 });
      expect(domain.committed).toHaveLength(1);
    });

    test.each<[string, Partial<NewNotification>]>([
      ["another user", { userId: newUser() }],
      ["another category", { category: "test.other" }],
      ["another title", { title: "Another" }],
      ["a title with a blank more", { title: "A title " }],
      ["a body", { body: "" }],
      ["other data", { data: { n: 2 } }],
      ["the same data in another order of a list", { data: { n: 1, list: [2, 1] } }],
      ["a number that was a string", { data: { n: "1", list: [1, 2] } }],
      ["data with a name more", { data: { n: 1, list: [1, 2], more: null } }],
      ["an action", { actionUrl: "/" }],
      ["another priority", { priority: "LOW" }],
      ["an expiry", { expiresAt: new Date(Date.now() + 3_600_000) }],
    ])("is refused with %s, and nothing is created", async (_name, changed) => {
      const domain = new Domain(database());
      const userId = newUser();
      const input = toUser(userId, { idempotencyKey: randomUUID(), data: { n: 1, list: [1, 2] } });
      const first = await domain.createOne(input);
      await expectMismatch("input.idempotencyKey", domain.createOne({ ...input, ...changed }));
      expect(await domain.head(userId)).toMatchObject({ sequence: 1, totalCount: 1 });
      if (changed.userId !== undefined) {
        expect(await domain.head(changed.userId)).toMatchObject({ sequence: 0, totalCount: 0 });
      }
      expect(await domain.createOne(input)).toEqual(first);
      expect(domain.committed).toHaveLength(1);
    });

    test("takes inputs that mean the same for the same: names in any order, instants", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const idempotencyKey = randomUUID();
      const expiresAt = new Date(Date.now() + 3_600_000);
      const data = { z: [{ b: 1, a: 2 }], 10: "x", 9: "y", é: { y: 0, x: -0 } };
      const same = { é: { x: 0, y: 0 }, 9: "y", z: [{ a: 2, b: 1 }], 10: "x" };
      const first = await domain.createOne(toUser(userId, { idempotencyKey, data, expiresAt }));
      const again = await domain.createOne(
        toUser(userId, { idempotencyKey, data: same, expiresAt: new Date(expiresAt) }),
      );
      expect(again).toEqual({ ...first, data: same });
      expect(again.data).toEqual(first.data);
    });

    test.each<[string, (domain: Domain, userId: string, id: string) => Promise<unknown>]>([
      ["read", (domain, userId, id) => domain.service.markRead(userId, [id])],
      ["deleted", (domain, userId, id) => domain.service.delete(userId, [id])],
      ["cleared", (domain, userId) => domain.service.clear(userId, null)],
    ])("gives the notification as it was created, though it was %s since", async (_name, change) => {
      const domain = new Domain(database());
      const userId = newUser();
      const input = toUser(userId, { idempotencyKey: randomUUID(), body: "A body", data: [1] });
      const first = await domain.createOne(input);
      await change(domain, userId, first.id);
      const { sequence, totalCount } = await domain.head(userId);
      expect(await domain.createOne(input)).toEqual(first);
      expect(await domain.head(userId)).toMatchObject({ sequence, totalCount });
      await expectMismatch("input.idempotencyKey", domain.createOne({ ...input, title: "Another" }));
    });

    test("gives the notification as it was created, though it has expired since", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const expiresAt = new Date(Date.now() + 300);
      const input = toUser(userId, { idempotencyKey: randomUUID(), expiresAt });
      const first = await domain.createOne(input);
      await waitUntil("the expiry", async () => (await domain.head(userId)).totalCount === 0);
      expect(await domain.createOne(input)).toEqual(first);
      await purgeExpired(database(), 1000);
      expect(await domain.createOne(input)).toEqual(first);
      expect(await domain.createAll([toUser(userId), input])).toMatchObject([{}, first]);
    });

    test("that is new does not make an expiry in the past right, and creates nothing beside it", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const late = toUser(userId, { idempotencyKey: randomUUID(), expiresAt: new Date(Date.now() - 1) });
      await expectRefusal("input.expiresAt", domain.createOne(late));
      await expectRefusal("inputs[1].expiresAt", domain.createAll([toUser(userId), late]));
      expect(await domain.head(userId)).toMatchObject({ sequence: 0 });
    });

    test("keeps nothing of what was said", async () => {
      const domain = new Domain(database());
      const [idempotencyKey, canary] = [randomUUID(), randomUUID()];
      const fields = { title: canary, body: canary, data: { canary }, actionUrl: `/${canary}` };
      await domain.createOne(toUser(newUser(), { idempotencyKey, ...fields }));
      const rows = await database().many(
        sql`select to_json(known) as result from idempotency_keys known where key = ${idempotencyKey}`,
        z.unknown(),
      );
      expect(rows).toHaveLength(1);
      expect(JSON.stringify(rows)).not.toContain(canary);
    });

    test("holds within one bulk", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const idempotencyKey = randomUUID();
      const [first, second, third, fourth] = await domain.createAll([
        toUser(userId, { idempotencyKey }),
        toUser(userId),
        toUser(userId, { idempotencyKey }),
        toUser(userId),
      ]);
      expect(third).toEqual(first);
      expect(new Set([first, second, fourth].map((notification) => notification?.id)).size).toBe(3);
      expect((await domain.log(userId)).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    });

    test("twice in one bulk for different inputs is refused, and nothing of the bulk is created", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const idempotencyKey = randomUUID();
      const bulk = [
        toUser(userId),
        toUser(userId, { idempotencyKey }),
        toUser(userId, { idempotencyKey, title: "Another" }),
      ];
      await expectMismatch("inputs[2].idempotencyKey", domain.createAll(bulk));
      expect(await domain.head(userId)).toMatchObject({ sequence: 0 });
    });

    test("used before for another input is refused in a bulk, and nothing of the bulk is created", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const keys = [randomUUID(), randomUUID()];
      const [same, other] = keys.map((idempotencyKey) => toUser(userId, { idempotencyKey }));
      if (same === undefined || other === undefined) throw new Error("no inputs");
      await domain.createAll([same, other]);
      const bulk = [toUser(userId), same, { ...other, title: "Another" }, toUser(userId)];
      await expectMismatch("inputs[2].idempotencyKey", domain.createAll(bulk));
      expect(await domain.head(userId)).toMatchObject({ sequence: 2 });
    });

    test("used at the same time for different inputs creates the whole of one bulk, and nothing of the others", async () => {
      const domain = new Domain(database());
      const idempotencyKey = randomUUID();
      const users = Array.from({ length: 20 }, newUser);
      const outcomes = await Promise.allSettled(
        users.map((userId) => domain.createAll([toUser(userId), toUser(userId, { idempotencyKey })])),
      );
      const failures = outcomes.filter((outcome) => outcome.status === "rejected");
      expect(failures).toHaveLength(19);
      for (const { reason } of failures) {
        expect(reason).toMatchObject({
          field: "inputs[1].idempotencyKey",
          reason: "IDEMPOTENCY_MISMATCH",
        });
      }
      const heads = await Promise.all(users.map(async (userId) => (await domain.head(userId)).sequence));
      expect(heads.filter((sequence) => sequence !== 0)).toEqual([2]);
      expect(domain.committed).toHaveLength(2);
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
      const users = [newUser(), newUser(), newUser()];
      const inputs = Array.from({ length: 5 }, (_, index) => {
        const idempotencyKey = randomUUID();
        return toUser(users[index % 3] ?? newUser(), { idempotencyKey, data: idempotencyKey });
      });
      const bulks = await Promise.all(
        Array.from({ length: 20 }, (_, bulk) => domain.createAll(inputs.slice(bulk % 4))),
      );
      const byKey = new Map<unknown, Set<string>>();
      for (const { data, id } of bulks.flat()) byKey.set(data, (byKey.get(data) ?? new Set()).add(id));
      expect([...byKey.values()].map((ids) => ids.size)).toEqual([1, 1, 1, 1, 1]);
      const logs = await Promise.all(users.map((userId) => domain.log(userId)));
      expect(logs.flat()).toHaveLength(5);
      expect(domain.committed).toHaveLength(5);
    });

    describe("that an instance of the version before wrote, which knows no hash", () => {
      /** What such an instance leaves behind: the notification as a whole. */
      async function asBefore(input: NewNotification, notification: Notification): Promise<void> {
        await database().many(
          sql`update idempotency_keys set
                notification = ${JSON.stringify(notification)}::text::json, notification_id = null, input_hash = null
              where key = ${input.idempotencyKey} returning to_json(1) as result`,
          z.literal(1),
        );
      }

      const full: Partial<NewNotification> = {
        body: "A body",
        data: { b: [1, "x"], a: null },
        actionUrl: "/orders/7",
        priority: "HIGH",
        expiresAt: new Date(Date.now() + 3_600_000),
      };

      test.each([
        ["of all fields", full],
        ["of the least", {}],
      ])("gives the first result again for the same input %s", async (_name, fields) => {
        const domain = new Domain(database());
        const input = toUser(newUser(), { idempotencyKey: randomUUID(), ...fields });
        const first = await domain.createOne(input);
        await asBefore(input, first);
        expect(await domain.createOne(input)).toEqual(first);
        await domain.service.clear(input.userId, null);
        expect(await domain.createOne(input)).toEqual(first);
        expect(await domain.log(input.userId)).toHaveLength(2);
      });

      test.each<[string, Partial<NewNotification>]>([
        ["title", { title: "Another" }],
        ["user", { userId: newUser() }],
        ["body", { body: null }],
        ["data", { data: { b: ["x", 1], a: null } }],
        ["data, which is none", { data: null }],
        ["expiry", { expiresAt: null }],
      ])("is refused with another %s", async (_name, changed) => {
        const domain = new Domain(database());
        const input = toUser(newUser(), { idempotencyKey: randomUUID(), ...full });
        await asBefore(input, await domain.createOne(input));
        await expectMismatch("input.idempotencyKey", domain.createOne({ ...input, ...changed }));
        expect(domain.committed).toHaveLength(1);
      });
    });

    test("can be read by an instance of the version before: the id, without what was said", async () => {
      const domain = new Domain(database());
      const input = toUser(newUser(), { idempotencyKey: randomUUID(), body: "A body" });
      const first = await domain.createOne(input);
      const [known] = await database().many(
        sql`select notification as result from idempotency_keys where key = ${input.idempotencyKey}`,
        notificationSchema,
      );
      expect(known).toEqual({ ...first, title: "", body: null });
    });
  });
}

async function expectMismatch(field: string, doing: Promise<unknown>): Promise<void> {
  await expectRefusal(field, doing);
  await expect(doing).rejects.toMatchObject({ reason: "IDEMPOTENCY_MISMATCH" });
}
