import { describe, expect, test } from "vitest";
import type { Database } from "../../src/server/database/database.js";
import { parseJson } from "../../src/server/validation/json.js";
import { Domain, newUser, toUser } from "../kit/domain.js";
import { expectRefusal } from "./refusal.js";

export function creating(database: () => Database): void {
  describe("creating notifications", () => {
    test("keeps every field as it was given", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const input = toUser(userId, {
        category: "order.shipped_2-x",
        title: "Your order is on its way",
        body: "It will be there tomorrow.\nOr the day after.",
        data: { order: 7, parts: [1.5, true, null, "text", { deep: [] }], "": "empty key" },
        actionUrl: "/orders/7?tab=parcel#map",
        priority: "URGENT",
        expiresAt: new Date(Date.now() + 3_600_000),
      });

      const created = await domain.createOne(input);

      const { idempotencyKey: _key, ...fields } = input;
      expect(created).toMatchObject({ ...fields, readAt: null });
      expect(Math.abs(created.createdAt.getTime() - Date.now())).toBeLessThan(10_000);
      expect(await domain.service.notification(created.id, userId)).toEqual(created);
      expect((await domain.page(userId)).items).toEqual([{ notification: created, createdSequence: 1 }]);
      expect(await domain.log(userId)).toMatchObject([
        { type: "created", sequence: 1, unreadCount: 1, payload: { notification: created } },
      ]);
    });

    test.each([
      ["a string", "text"],
      ["an empty string", ""],
      ["a number", -1.25e-7],
      ["a large number", Number.MAX_SAFE_INTEGER],
      ["false", false],
      ["an empty list", []],
      ["an empty object", {}],
      ["text that looks like JSON", '{"not": "parsed"}'],
      ["keys in their order", JSON.parse('{"z":1,"a":2,"constructor":{"x":1},"prototype":[]}')],
    ])("keeps JSON data that is %s", async (_name, data: unknown) => {
      const domain = new Domain(database());
      const created = await domain.createOne(toUser(newUser(), { data }));
      const read = await domain.service.notification(created.id, null);
      expect(JSON.stringify(read?.data)).toBe(JSON.stringify(data));
      expect(JSON.stringify(created.data)).toBe(JSON.stringify(data));
    });

    test("numbers a bulk in the order given, for each user", async () => {
      const domain = new Domain(database());
      const [ada, bob] = [newUser(), newUser()];
      await domain.createMany(bob, 2);

      const inputs = [ada, bob, ada, bob, ada].map((userId, index) =>
        toUser(userId, { title: `No. ${index}` }),
      );
      const created = await domain.createAll(inputs);

      expect(created.map(({ title }) => title)).toEqual(inputs.map(({ title }) => title));
      const events = await Promise.all([domain.log(ada), domain.log(bob)]);
      expect(events.map((log) => log.map(({ sequence, unreadCount }) => [sequence, unreadCount]))).toEqual([
        [
          [1, 1],
          [2, 2],
          [3, 3],
        ],
        [
          [1, 1],
          [2, 2],
          [3, 3],
          [4, 4],
        ],
      ]);
      expect(await domain.ids(ada)).toEqual([created[4]?.id, created[2]?.id, created[0]?.id]);
      expect(domain.committed).toHaveLength(7);
    });

    test("gives later notifications greater ids", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const ids = [...(await domain.createMany(userId, 20)), ...(await domain.createMany(userId, 20))];
      expect(ids.toSorted()).toEqual(ids);
    });

    test("takes a bulk of 1,000", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      await domain.createMany(userId, 1000);
      expect(await domain.head(userId)).toMatchObject({
        sequence: 1000,
        unreadCount: 1000,
        totalCount: 1000,
      });
    });

    test("creates nothing of a bulk in which one input is wrong, and names its field", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const inputs = [toUser(userId), toUser(userId, { title: "" }), toUser(userId)];
      await expectRefusal("inputs[1].title", domain.createAll(inputs));
      expect(await domain.head(userId)).toMatchObject({ sequence: 0, totalCount: 0 });
      expect(domain.committed).toEqual([]);
    });

    test.each([0, 1001])("refuses a bulk of %i", async (count) => {
      const domain = new Domain(database());
      await expectRefusal("inputs", domain.createMany(newUser(), count));
    });

    test.each([
      ["userId", { userId: "" }],
      ["userId", { userId: "u".repeat(129) }],
      ["category", { category: "Order Shipped" }],
      ["category", { category: "" }],
      ["category", { category: "c".repeat(65) }],
      ["title", { title: "t".repeat(201) }],
      ["body", { body: "b".repeat(4001) }],
      ["data", { data: "d".repeat(16 * 1024) }],
      ["data", { data: JSON.parse('{"__proto__":{"x":1}}') as unknown }],
      ["data", { data: [{ deep: JSON.parse('{"__proto__":null}') as unknown }] }],
      ["data", { data: { constructor: { prototype: {} } } }],
      ["data", { data: parseJson("1e400") }],
      ["data", { data: parseJson('{"deep":[12345678901234567890]}') }],
      ["actionUrl", { actionUrl: "javascript:alert(1)" }],
      ["actionUrl", { actionUrl: "//elsewhere.example" }],
      ["actionUrl", { actionUrl: "orders/7" }],
      ["expiresAt", { expiresAt: new Date(Date.now() - 1) }],
      ["idempotencyKey", { idempotencyKey: "" }],
      ["idempotencyKey", { idempotencyKey: "k".repeat(129) }],
    ])("refuses a wrong %s (%#) with one line that names it", async (field, fields) => {
      const domain = new Domain(database());
      await expectRefusal(`input.${field}`, domain.createOne(toUser(newUser(), fields)));
    });

    test("takes every text at its longest", async () => {
      const domain = new Domain(database());
      const created = await domain.createOne(
        toUser("u".repeat(128), {
          category: "c".repeat(64),
          title: "🎉".repeat(200),
          body: "𐍈".repeat(4000),
          data: "d".repeat(16 * 1024 - 2),
          actionUrl: `/${"p".repeat(1999)}`,
          idempotencyKey: newUser() + "k".repeat(128 - newUser().length),
        }),
      );
      expect(await domain.service.notification(created.id, null)).toEqual(created);
    });
  });
}
