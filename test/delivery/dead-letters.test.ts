import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../src/server/database/database.js";
import {
  deleteSelectedDeadLetters,
  storeDeadLetters,
  readNewestPosition,
  readSelectedDeadLetters,
  deleteDeadLetterVersions,
  purgeDeadLetters,
  type StoredDeadLetter,
} from "../../src/server/delivery/dead-letters/store.js";
import { encodeDeadLetterCursor, listDeadLetters } from "../../src/server/delivery/dead-letters/list.js";
import { type Selection, selectionOf } from "../../src/server/delivery/dead-letters/selection.js";
import { databaseKinds, type OpenedDatabase, openTestDatabase } from "../kit/databases.js";
import { upTo } from "../kit/items.js";
import {
  createDeadLetters,
  createDeadLetter,
  storeAll,
  deadLettersIn,
  messageIds,
  pageOf,
  where,
} from "./dead-letter.js";

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
    for (let left = 1; left > 0;) left = await purgeDeadLetters(database, -3_600_000);
    expect(await readNewestPosition(database)).toBeNull();
  });

  /** All dead letters of a selection that are there now, read as a retry does. */
  async function readAll(selection: Selection): Promise<StoredDeadLetter[]> {
    const deadLetters: StoredDeadLetter[] = [];
    const last = await readNewestPosition(database);
    if (last === null) return [];
    for (;;) {
      const next = await readSelectedDeadLetters(database, selection, deadLetters.at(-1) ?? null, last);
      if (next.length === 0) return deadLetters;
      deadLetters.push(...next);
    }
  }

  describe("storing", () => {
    test("stores all fields of a dead letter", async () => {
      const sent = createDeadLetter({ queue: "notification.task.webhook", firstFailedAt: new Date(1000) });
      const [stored] = await storeAll(database, [sent]);
      expect(stored?.id).toMatch(/^[\w-]{43}$/);
      expect(stored).toEqual({
        id: stored?.id,
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

    test("stores a dead letter once that arrives twice, in one batch or later", async () => {
      const [one, two] = [createDeadLetter(), createDeadLetter({ messageId: null, type: null, error: null })];
      await storeDeadLetters(database, [one, one, two]);
      const before = await deadLettersIn(database);
      expect(before).toHaveLength(2);
      expect(await storeAll(database, [two, one])).toEqual(before);
    });

    test("stores the first and the last failure of a dead letter that fails again", async () => {
      const [first] = createDeadLetters("again");
      if (first === undefined) throw new Error("no dead letter was created");
      const again = createDeadLetter({ messageId: "again", attempts: 1, reason: "POISONED", error: "worse" });
      const [stored] = await storeAll(database, [first]);
      expect(await storeAll(database, [again])).toEqual([
        {
          ...stored,
          attempts: 1,
          reason: "POISONED",
          error: "worse",
          firstFailedAt: first.firstFailedAt,
          lastFailedAt: again.lastFailedAt,
        },
      ]);
    });

    test("tells dead letters apart by queue, id and body", async () => {
      const deadLetters = [
        createDeadLetter({ messageId: "a" }),
        createDeadLetter({ messageId: "b" }),
        createDeadLetter({ messageId: null }),
        createDeadLetter({ messageId: null, body: Buffer.from("other") }),
        createDeadLetter({ messageId: "a", body: Buffer.from("other") }),
        createDeadLetter({ messageId: "a", queue: "notification.read" }),
      ];
      expect(await storeAll(database, deadLetters)).toHaveLength(deadLetters.length);
    });

    test.each([
      ["nothing", Buffer.alloc(0)],
      ["every byte", Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
      ["what is no UTF-8", Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28])],
      ["5 MiB", Buffer.alloc(5 * 1024 * 1024, "abc")],
    ])("stores any body unchanged: %s", async (_name, body) => {
      await storeDeadLetters(database, [createDeadLetter({ body })]);
      const [deadLetter] = await readAll(everything);
      expect(deadLetter?.body.equals(body)).toBe(true);
    });

    test("stores and finds texts that PostgreSQL's type text cannot contain", async () => {
      const texts = { messageId: "a\0b", type: "\uD800", error: "\uDC00\0'\"\\" };
      const [deadLetter] = await storeAll(database, [
        createDeadLetter({ ...texts, queue: "notification.task.\0" }),
      ]);
      expect(deadLetter).toMatchObject({ messageId: "a\uFFFDb", type: "\uFFFD", error: "\uFFFD\uFFFD'\"\\" });
      expect(await deadLettersIn(database, where({ type: "\uD800", queue: "notification.task.\0" }))).toEqual(
        [deadLetter],
      );
    });

    test("stores a dead letter with impossible numbers and instants", async () => {
      const impossible = {
        attempts: 2 ** 40,
        firstFailedAt: new Date(8.64e15),
        lastFailedAt: new Date(Number.NaN),
      };
      const [deadLetter] = await storeAll(database, [createDeadLetter(impossible)]);
      expect(deadLetter?.attempts).toBe(2 ** 31 - 1);
      expect(deadLetter?.firstFailedAt).toEqual(new Date("9999-12-31T23:59:59.999Z"));
      expect(Math.abs((deadLetter?.lastFailedAt.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
    });
  });

  describe("the list", () => {
    test("is narrowed by every field of a filter, and counted under it", async () => {
      const [a, b, c] = createDeadLetters("a", "b", "c");
      if (!a || !b || !c) throw new Error("not all dead letters were created");
      await storeDeadLetters(database, [
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
        const { items, totalCount } = await listDeadLetters(database, pageOf({ filter: where(fields) }));
        expect(messageIds(items)).toEqual(ids);
        expect(totalCount).toBe(ids.length);
      }
    });

    test("comes page by page, complete and without repeats, also of what died in the same instant", async () => {
      const at = new Date();
      const deadLetters = upTo(25).map((n) =>
        createDeadLetter({ messageId: `dead letter ${n}`, lastFailedAt: at }),
      );
      const all = messageIds(await storeAll(database, deadLetters));
      const seen: (string | null)[] = [];
      const pages: [boolean, boolean, number | null][] = [];
      let after: string | null = null;
      do {
        const page = await listDeadLetters(database, pageOf({ first: 7, after }));
        seen.push(...messageIds(page.items));
        pages.push([page.hasNext, page.hasPrevious, page.totalCount]);
        const last = page.items.at(-1);
        after = page.hasNext && last !== undefined ? encodeDeadLetterCursor(last) : null;
        // What dies from now on stands before the first page.
        await storeDeadLetters(database, [
          createDeadLetter({ lastFailedAt: new Date(at.getTime() + 60_000) }),
        ]);
      } while (after !== null);
      expect(seen).toEqual(all);
      expect(pages).toEqual([
        [true, false, 25],
        [true, true, 26],
        [true, true, 27],
        [false, true, 28],
      ]);
    });

    test("continues after a dead letter that was deleted", async () => {
      const [, middle] = await storeAll(database, createDeadLetters("a", "b", "c"));
      if (middle === undefined) throw new Error("not all dead letters were stored");
      await deleteSelectedDeadLetters(database, { ids: [middle.id] }, middle);
      const { items } = await listDeadLetters(database, pageOf({ after: encodeDeadLetterCursor(middle) }));
      expect(messageIds(items)).toEqual(["a"]);
    });

    test("is counted only when that is asked for", async () => {
      await storeDeadLetters(database, [createDeadLetter()]);
      expect((await listDeadLetters(database, pageOf({ countAll: false }))).totalCount).toBeNull();
    });

    test("shows the beginning of a large body", async () => {
      const body = Buffer.alloc(1024 * 1024, "x");
      const [deadLetter] = await storeAll(database, [createDeadLetter({ body })]);
      expect(deadLetter?.body.length).toBeGreaterThan(64 * 1024);
      expect(deadLetter?.body.length).toBeLessThan(64 * 1024 + 8);
    });

    test.each([0, -1, 101, 1.5, Number.NaN])("has no page of %d", async (first) => {
      await expect(listDeadLetters(database, pageOf({ first }))).rejects.toMatchObject({ field: "first" });
    });

    test("refuses what is no cursor of this list", async () => {
      const [deadLetter] = await storeAll(database, [createDeadLetter()]);
      const foreign = Buffer.from("n.1").toString("base64url");
      const longer = encodeDeadLetterCursor({ lastFailedAt: new Date(), id: `${deadLetter?.id}x` });
      for (const after of ["", "garbage", foreign, longer]) {
        await expect(listDeadLetters(database, pageOf({ after }))).rejects.toMatchObject({ field: "after" });
      }
      const latest = encodeDeadLetterCursor({ lastFailedAt: new Date(8.64e14), id: deadLetter?.id ?? "" });
      expect((await listDeadLetters(database, pageOf({ after: latest }))).items).toEqual([deadLetter]);
    });
  });

  describe("a selection", () => {
    test("is read whole, the oldest first, however many there are", async () => {
      const names = upTo(250).map((n) => `dead letter ${n}`);
      await storeDeadLetters(database, createDeadLetters(...names));
      expect(messageIds(await readAll(everything))).toEqual(names);
      const ids = (await deadLettersIn(database)).map(({ id }) => id);
      expect(messageIds(await readAll({ ids }))).toEqual(names.slice(150));
      expect(await readAll({ ids: ["unknown", "\0", "\uD800"] })).toEqual([]);
    });

    test("is read in batches that fit into memory, although each dead letter may be large", async () => {
      const body = Buffer.alloc(3 * 1024 * 1024);
      for (const deadLetter of createDeadLetters("a", "b", "c"))
        await storeDeadLetters(database, [{ ...deadLetter, body }]);
      const last = await readNewestPosition(database);
      if (last === null) throw new Error("nothing was stored");
      expect(messageIds(await readSelectedDeadLetters(database, everything, null, last))).toEqual(["a"]);
      expect(messageIds(await readAll(everything))).toEqual(["a", "b", "c"]);
    });

    test("ends where it is told to", async () => {
      const [, b] = await storeAll(database, createDeadLetters("a", "b", "c"));
      if (b === undefined) throw new Error("not all dead letters were stored");
      expect(messageIds(await readSelectedDeadLetters(database, everything, null, b))).toEqual(["a", "b"]);
      expect(await deleteSelectedDeadLetters(database, everything, b)).toBe(2);
      expect(messageIds(await deadLettersIn(database))).toEqual(["c"]);
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
      await storeDeadLetters(database, createDeadLetters("a", "b"));
      const deadLetters = await readAll(everything);
      await storeDeadLetters(database, [createDeadLetter({ messageId: "c" })]);
      await deleteDeadLetterVersions(database, deadLetters);
      expect(messageIds(await deadLettersIn(database))).toEqual(["c"]);
      await deleteDeadLetterVersions(database, deadLetters);
    });

    test("does not delete a dead letter that failed again since it was read, even in the same millisecond", async () => {
      const deadLetter = createDeadLetter();
      await storeDeadLetters(database, [deadLetter]);
      const read = await readAll(everything);
      await storeDeadLetters(database, [deadLetter]);
      await deleteDeadLetterVersions(database, read);
      expect(await deadLettersIn(database)).toHaveLength(1);
    });
  });

  test("discarding takes many in turns, until none is left", async () => {
    await storeDeadLetters(database, createDeadLetters(...upTo(700).map(String)));
    const last = await readNewestPosition(database);
    if (last === null) throw new Error("nothing was stored");
    const counts: number[] = [];
    for (let left = 1; left > 0; counts.push(left))
      left = await deleteSelectedDeadLetters(database, everything, last);
    expect(counts).toEqual([500, 200, 0]);
  });

  test("trimming forgets what failed for the last time long ago", async () => {
    const [old] = createDeadLetters("old");
    if (old === undefined) throw new Error("no dead letter was created");
    const again = { ...createDeadLetter({ messageId: "again" }), firstFailedAt: old.firstFailedAt };
    await storeDeadLetters(database, [old, again]);
    expect(await purgeDeadLetters(database, 30_000)).toBe(1);
    expect(await purgeDeadLetters(database, 30_000)).toBe(0);
    expect(messageIds(await deadLettersIn(database))).toEqual(["again"]);
  });
});
