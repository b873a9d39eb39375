import { describe, expect, test } from "vitest";
import type { Database } from "../../src/server/database/database.js";
import { isUserId } from "../../src/server/validation/user-id.js";
import { Domain, newUser, toUser } from "../kit/domain.js";
import { expectRefusal } from "./refusal.js";

const strange = {
  "an emoji of several code points": "👩🏽‍🚀",
  "from right to left": "שלום עולם \u202Eمرحبا\u202C",
  quotes: `'; drop table inboxes; -- " \\ $1 %s \${x}`,
  "line breaks and tabs": "a\r\nb\tc\u2028d",
  "combining marks": "Z̷̢̙a̴l̵g̶o",
  "JSON escapes": '\\u0000 \\" \\n {"a":1}',
  "controls and the last character": "\u0001\u007F\u{10FFFF}\uFFFF",
  "blanks around a letter": "  a  ",
};

/** What a reader sees nothing of, in one way or another. */
const invisible = {
  blanks: "   ",
  "blanks of other scripts and widths": "\u00A0\u2003\u3000\u1680",
  "line breaks and tabs": "\r\n\t\u2028",
  "characters of no width": "\u200B\u200D\u2060\uFEFF",
  "marks of direction": "\u200E\u202E\u2069",
  "soft hyphens": "\u00AD",
  "fillers that are letters": "\u3164\u115F\uFFA0",
  "an empty Braille pattern": "\u2800",
  "variation selectors and tags": "\uFE0F\u{E0041}",
  controls: "\u0001\u007F",
};

const broken = { NUL: "a\0b", "the first half of a pair": "a\uD83Db", "the second half of a pair": "\uDE00" };

export function keepingText(database: () => Database): void {
  describe("text", () => {
    test.each(Object.entries(strange))("is kept as it came: %s", async (_name, text) => {
      const domain = new Domain(database());
      const idempotencyKey = `${text} ${crypto.randomUUID()}`;
      const userId = isUserId(idempotencyKey) ? idempotencyKey : newUser();
      const fields = { title: text, body: text, data: { [text]: [text] }, idempotencyKey };
      const created = await domain.createOne(toUser(userId, fields));
      expect(created).toMatchObject({ userId, title: text, body: text, data: { [text]: [text] } });
      expect(await domain.createOne(toUser(userId, fields))).toEqual(created);
      expect(await domain.service.notification(created.id, userId)).toEqual(created);
      expect(await domain.ids(userId)).toEqual([created.id]);
      expect(await domain.log(userId)).toMatchObject([{ userId, payload: { notification: created } }]);
      await domain.service.markAllRead(userId, await domain.cursor(userId));
      expect(await domain.head(userId)).toMatchObject({ userId, unreadCount: 0 });
    });

    test.each(Object.entries(invisible))("that shows nothing is refused: %s", async (_name, text) => {
      const domain = new Domain(database());
      for (const field of ["userId", "title", "idempotencyKey"]) {
        await expectRefusal(`input.${field}`, domain.createOne(toUser("ada", { [field]: text })));
        const visible = `${text.replaceAll(/[\p{Cc}\u2028]/gu, "")}${newUser()}`;
        expect(await domain.createOne(toUser(newUser(), { [field]: visible }))).toBeTruthy();
      }
      expect((await domain.createOne(toUser(newUser(), { body: text }))).body).toBe(text);
    });

    test.each([
      ["a line break", "ada\nlovelace"],
      ["a return", "ada\r"],
      ["a tab", "ada\tlovelace"],
      ["a line separator", "ada\u2028"],
      ["a paragraph separator", "\u2029ada"],
      ["a control", "ada\u0085"],
    ])("is no user id with %s, though an operator can still look into such an inbox", async (_name, id) => {
      const domain = new Domain(database());
      const bulk = [toUser(newUser()), toUser(id)];
      await expectRefusal("inputs[1].userId", domain.createAll(bulk));
      expect(await domain.head(id)).toMatchObject({ sequence: 0, totalCount: 0 });
      expect((await domain.service.clear(id, null)).event).toBeNull();
    });

    test("may be a user id of 128 characters with four bytes each", async () => {
      const domain = new Domain(database());
      const userId = "𐍈".repeat(128);
      const { id } = await domain.createOne(toUser(userId));
      expect(await domain.ids(userId)).toEqual([id]);
      await expectRefusal("input.userId", domain.createOne(toUser(`${userId}𐍈`)));
    });

    test.each(Object.entries(broken))("is refused in every field with one line: %s", async (_name, text) => {
      const domain = new Domain(database());
      for (const [field, fields] of Object.entries({
        userId: { userId: text },
        title: { title: text },
        body: { body: text },
        actionUrl: { actionUrl: `/${text}` },
        idempotencyKey: { idempotencyKey: text },
        data: { data: text },
      })) {
        await expectRefusal(`input.${field}`, domain.createOne(toUser("ada", fields)));
      }
      await expectRefusal("input.data", domain.createOne(toUser("ada", { data: { deep: [{ [text]: 1 }] } })));
      await expectRefusal("input.data", domain.createOne(toUser("ada", { data: [1, { deep: text }] })));
      for (const command of [
        () => domain.service.inbox(text, []),
        () => domain.service.clear(text, null),
        () => domain.service.markAllRead(text, null),
        () => domain.service.markRead(text, ["id"]),
      ]) {
        await expectRefusal("userId", command());
      }
    });

    test("of an id that cannot be finds nothing", async () => {
      const domain = new Domain(database());
      for (const id of ["", "\0", "\uD800", "' or true --", "0".repeat(10_000)]) {
        expect(await domain.service.notification(id, null)).toBeNull();
      }
    });

    test.each([new Date(Number.NaN), new Date("+010000-01-01T00:00:00Z"), new Date(8.64e15)])(
      "of an instant that nobody can write down is refused (%#)",
      async (expiresAt) => {
        const domain = new Domain(database());
        await expectRefusal("input.expiresAt", domain.createOne(toUser("ada", { expiresAt })));
      },
    );
  });
}
