import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../src/database/database.js";
import {
  discardSelected,
  keep,
  newest,
  readSelected,
  remove,
  trimLetters,
  type WholeLetter,
} from "../../src/delivery/dead-letters/letters.js";
import { encodeLetterCursor, readPage } from "../../src/delivery/dead-letters/list.js";
import { type Selection, selectionOf } from "../../src/delivery/dead-letters/selection.js";
import { databaseKinds, type OpenedDatabase, openTestDatabase } from "../kit/databases.js";
import { upTo } from "../kit/items.js";
import { deadInOrder, deadLetter, keepAll, lettersIn, messageIds, pageOf, where } from "./dead-letter.js";

const everything: Selection = { filter: where({}) };

describe.each(databaseKinds)("dead letters on %s", (kind) => {
  let opened: OpenedDatabase;
  let database: Database;
  beforeAll(async () => {
    opened = await openTestDatabase(kind);
    ({ database } = opened);
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  afterEach(async () => {
    for (let left = 1; left > 0;) left = await trimLetters(database, -3_600_000);
    expect(await newest(database)).toBeNull();
  });

  /** All letters of a selection that are there now, read as a retry does. */
  async function readAll(selection: Selection): Promise<WholeLetter[]> {
    const letters: WholeLetter[] = [];
    const last = await newest(database);
    if (last === null) return [];
    for (;;) {
      const next = await readSelected(database, selection, letters.at(-1) ?? null, last);
      if (next.length === 0) return letters;
      letters.push(...next);
    }
  }

  describe("keeping", () => {
    test("keeps all that is known of a letter", async () => {
      const sent = deadLetter({ queue: "notification.task.webhook", firstFailedAt: new Date(1000) });
      const [kept] = await keepAll(database, [sent]);
      expect(kept?.id).toMatch(/^[\w-]{43}$/);
      expect(kept).toEqual({
        id: kept?.id,
        queue: "notification.task.webhook",
        messageId: sent.messageId,
        type: "created",
        reason: "FAILED",
        error: "the handler failed",
        attempts: 3,
        firstFailedAt: new Date(1000),
        lastFailedAt: sent.lastFailedAt,
        body: sent.body,
      });
      expect(await readAll(everything)).toMatchObject([{ priority: 4, body: sent.body }]);
    });

    test("keeps a letter once that comes twice, in one batch or later", async () => {
      const [one, two] = [deadLetter(), deadLetter({ messageId: null, type: null, error: null })];
      await keep(database, [one, one, two]);
      const before = await lettersIn(database);
      expect(before).toHaveLength(2);
      expect(await keepAll(database, [two, one])).toEqual(before);
    });

    test("keeps the last failure of a letter that dies again, and the first", async () => {
      const [first] = deadInOrder("again");
      if (first === undefined) throw new Error("no letter was made");
      const again = deadLetter({ messageId: "again", attempts: 1, reason: "POISONED", error: "worse" });
      const [kept] = await keepAll(database, [first]);
      expect(await keepAll(database, [again])).toEqual([
        {
          ...kept,
          attempts: 1,
          reason: "POISONED",
          error: "worse",
          firstFailedAt: first.firstFailedAt,
          lastFailedAt: again.lastFailedAt,
        },
      ]);
    });

    test("tells letters apart by queue, id and body", async () => {
      const letters = [
        deadLetter({ messageId: "a" }),
        deadLetter({ messageId: "b" }),
        deadLetter({ messageId: null }),
        deadLetter({ messageId: null, body: Buffer.from("other") }),
        deadLetter({ messageId: "a", body: Buffer.from("other") }),
        deadLetter({ messageId: "a", queue: "notification.read" }),
      ];
      expect(await keepAll(database, letters)).toHaveLength(letters.length);
    });

    test.each([
      ["nothing", Buffer.alloc(0)],
      ["every byte", Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
      ["what is no UTF-8", Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28])],
      ["5 MiB", Buffer.alloc(5 * 1024 * 1024, "abc")],
    ])("keeps any body as it came: %s", async (_name, body) => {
      await keep(database, [deadLetter({ body })]);
      const [letter] = await readAll(everything);
      expect(letter?.body.equals(body)).toBe(true);
    });

    test("keeps and finds texts that no text of PostgreSQL can be", async () => {
      const texts = { messageId: "a\0b", type: "\uD800", error: "\uDC00\0'\"\\" };
      const [letter] = await keepAll(database, [deadLetter({ ...texts, queue: "notification.task.\0" })]);
      expect(letter).toMatchObject({ messageId: "a\uFFFDb", type: "\uFFFD", error: "\uFFFD\uFFFD'\"\\" });
      expect(await lettersIn(database, where({ type: "\uD800", queue: "notification.task.\0" }))).toEqual([
        letter,
      ]);
    });

    test("keeps a letter with numbers and instants that cannot be", async () => {
      const impossible = {
        attempts: 2 ** 40,
        firstFailedAt: new Date(8.64e15),
        lastFailedAt: new Date(Number.NaN),
      };
      const [letter] = await keepAll(database, [deadLetter(impossible)]);
      expect(letter?.attempts).toBe(2 ** 31 - 1);
      expect(letter?.firstFailedAt).toEqual(new Date("9999-12-31T23:59:59.999Z"));
      expect(Math.abs((letter?.lastFailedAt.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
    });
  });

  describe("the list", () => {
    test("is narrowed by every field of a filter, and counted under it", async () => {
      const [a, b, c] = deadInOrder("a", "b", "c");
      if (!a || !b || !c) throw new Error("not all letters were made");
      await keep(database, [
        { ...a, queue: "notification.read", type: "read" },
        { ...b, reason: "POISONED" },
        { ...c, type: null, reason: "OVERFLOWED" },
      ]);
      const narrowed: [Parameters<typeof where>[0], string[]][] = [
        [{}, ["c", "b", "a"]],
        [{ queue: "notification.new" }, ["c", "b"]],
        [{ queue: "notification" }, []],
        [{ type: "read" }, ["a"]],
        [{ type: "" }, []],
        [{ reason: "POISONED" }, ["b"]],
        [{ reason: "REJECTED" }, []],
        [{ failedAfter: a.lastFailedAt }, ["c", "b"]],
        [{ failedBefore: c.lastFailedAt }, ["b", "a"]],
        [{ failedAfter: a.lastFailedAt, failedBefore: c.lastFailedAt }, ["b"]],
        [{ failedAfter: new Date(-8.64e15), failedBefore: new Date(8.64e15) }, ["c", "b", "a"]],
        [{ queue: "notification.new", type: "created", reason: "POISONED" }, ["b"]],
      ];
      for (const [fields, ids] of narrowed) {
        const { items, totalCount } = await readPage(database, pageOf({ filter: where(fields) }));
        expect(messageIds(items)).toEqual(ids);
        expect(totalCount).toBe(ids.length);
      }
    });

    test("comes page by page, complete and without repeats, also of what died in the same instant", async () => {
      const at = new Date();
      const letters = upTo(25).map((n) => deadLetter({ messageId: `letter ${n}`, lastFailedAt: at }));
      const all = messageIds(await keepAll(database, letters));
      const seen: (string | null)[] = [];
      const pages: [boolean, boolean, number | null][] = [];
      let after: string | null = null;
      do {
        const page = await readPage(database, pageOf({ first: 7, after }));
        seen.push(...messageIds(page.items));
        pages.push([page.hasNext, page.hasPrevious, page.totalCount]);
        const last = page.items.at(-1);
        after = page.hasNext && last !== undefined ? encodeLetterCursor(last) : null;
        // What dies from now on stands before the first page.
        await keep(database, [deadLetter({ lastFailedAt: new Date(at.getTime() + 60_000) })]);
      } while (after !== null);
      expect(seen).toEqual(all);
      expect(pages).toEqual([
        [true, false, 25],
        [true, true, 26],
        [true, true, 27],
        [false, true, 28],
      ]);
    });

    test("goes on after a letter that is gone", async () => {
      const [, middle] = await keepAll(database, deadInOrder("a", "b", "c"));
      if (middle === undefined) throw new Error("not all letters were kept");
      await discardSelected(database, { ids: [middle.id] }, middle);
      const { items } = await readPage(database, pageOf({ after: encodeLetterCursor(middle) }));
      expect(messageIds(items)).toEqual(["a"]);
    });

    test("is counted only when that is asked for", async () => {
      await keep(database, [deadLetter()]);
      expect((await readPage(database, pageOf({ countAll: false }))).totalCount).toBeNull();
    });

    test("shows the beginning of a large body", async () => {
      const body = Buffer.alloc(1024 * 1024, "x");
      const [letter] = await keepAll(database, [deadLetter({ body })]);
      expect(letter?.body.length).toBeGreaterThan(64 * 1024);
      expect(letter?.body.length).toBeLessThan(64 * 1024 + 8);
    });

    test.each([0, -1, 101, 1.5, Number.NaN])("has no page of %d", async (first) => {
      await expect(readPage(database, pageOf({ first }))).rejects.toMatchObject({ field: "first" });
    });

    test("refuses what is no cursor of this list", async () => {
      const [letter] = await keepAll(database, [deadLetter()]);
      const foreign = Buffer.from("n.1").toString("base64url");
      const longer = encodeLetterCursor({ lastFailedAt: new Date(), id: `${letter?.id}x` });
      for (const after of ["", "garbage", foreign, longer]) {
        await expect(readPage(database, pageOf({ after }))).rejects.toMatchObject({ field: "after" });
      }
      const latest = encodeLetterCursor({ lastFailedAt: new Date(8.64e14), id: letter?.id ?? "" });
      expect((await readPage(database, pageOf({ after: latest }))).items).toEqual([letter]);
    });
  });

  describe("a selection", () => {
    test("is read whole, the oldest first, however many there are", async () => {
      const names = upTo(250).map((n) => `letter ${n}`);
      await keep(database, deadInOrder(...names));
      expect(messageIds(await readAll(everything))).toEqual(names);
      const ids = (await lettersIn(database)).map(({ id }) => id);
      expect(messageIds(await readAll({ ids }))).toEqual(names.slice(150));
      expect(await readAll({ ids: ["unknown", "\0", "\uD800"] })).toEqual([]);
    });

    test("is read in bytes that fit into memory, though each letter may be large", async () => {
      const body = Buffer.alloc(3 * 1024 * 1024);
      for (const letter of deadInOrder("a", "b", "c")) await keep(database, [{ ...letter, body }]);
      const last = await newest(database);
      if (last === null) throw new Error("nothing was kept");
      expect(messageIds(await readSelected(database, everything, null, last))).toEqual(["a"]);
      expect(messageIds(await readAll(everything))).toEqual(["a", "b", "c"]);
    });

    test("ends where it is told to", async () => {
      const [, b] = await keepAll(database, deadInOrder("a", "b", "c"));
      if (b === undefined) throw new Error("not all letters were kept");
      expect(messageIds(await readSelected(database, everything, null, b))).toEqual(["a", "b"]);
      expect(await discardSelected(database, everything, b)).toBe(2);
      expect(messageIds(await lettersIn(database))).toEqual(["c"]);
    });

    test("is by ids or by filter, and never both or neither", () => {
      const filter = where({});
      expect(selectionOf(["a"], null)).toEqual({ ids: ["a"] });
      expect(selectionOf(null, filter)).toEqual({ filter });
      const tooMany = upTo(1001).map(String);
      for (const [ids, given] of [
        [null, null],
        [["a"], filter],
        [[], null],
        [tooMany, null],
      ] as const) {
        expect(() => selectionOf(ids, given)).toThrow(expect.objectContaining({ field: "ids" }));
      }
    });
  });

  describe("removing", () => {
    test("removes what was read", async () => {
      await keep(database, deadInOrder("a", "b"));
      const letters = await readAll(everything);
      await keep(database, [deadLetter({ messageId: "c" })]);
      await remove(database, letters);
      expect(messageIds(await lettersIn(database))).toEqual(["c"]);
      await remove(database, letters);
    });

    test("leaves a letter that died again since it was read, even in the same millisecond", async () => {
      const letter = deadLetter();
      await keep(database, [letter]);
      const read = await readAll(everything);
      await keep(database, [letter]);
      await remove(database, read);
      expect(await lettersIn(database)).toHaveLength(1);
    });
  });

  test("discarding takes many in turns, until none is left", async () => {
    await keep(database, deadInOrder(...upTo(700).map(String)));
    const last = await newest(database);
    if (last === null) throw new Error("nothing was kept");
    const counts: number[] = [];
    for (let left = 1; left > 0; counts.push(left)) left = await discardSelected(database, everything, last);
    expect(counts).toEqual([500, 200, 0]);
  });

  test("trimming forgets what failed for the last time long ago", async () => {
    const [old] = deadInOrder("old");
    if (old === undefined) throw new Error("no letter was made");
    const again = { ...deadLetter({ messageId: "again" }), firstFailedAt: old.firstFailedAt };
    await keep(database, [old, again]);
    expect(await trimLetters(database, 30_000)).toBe(1);
    expect(await trimLetters(database, 30_000)).toBe(0);
    expect(messageIds(await lettersIn(database))).toEqual(["again"]);
  });
});
