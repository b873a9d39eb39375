import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Database } from "../../src/server/database/database.js";
import { renewEpoch } from "../../src/server/database/epoch.js";
import { readAfter, readHeads } from "../../src/server/notifications/event-log.js";
import { Domain, newUser } from "../kit/domain.js";

async function readOne(database: Database, userId: string, sequence: number, limit = 100) {
  const [slice] = await readAfter(database, [{ userId, sequence }], limit);
  if (slice === undefined) throw new Error("no slice was read");
  return { ...slice, sequences: slice.events.map((event) => event.sequence) };
}

/** What retention does: forgets a part of the log. */
async function forget(database: Database, userId: string, from: number, upTo: number): Promise<void> {
  await database.many(
    sql`with gone as (
          delete from notification_events where user_id = ${userId} and sequence between ${from}::int and ${upTo}::int)
        select to_json(1) as result where false`,
    z.never(),
  );
}

/** The cases are those of recovery in Centrifugo: https://centrifugal.dev/docs/server/history_and_recovery */
export function readingTheLog(database: () => Database): void {
  describe("reading the event log on from a position", () => {
    test("of an empty stream gives nothing, and nothing is lost", async () => {
      const userId = newUser();
      expect(await readOne(database(), userId, 0)).toMatchObject({
        head: { sequence: 0, unreadCount: 0 },
        events: [],
        expired: false,
      });
    });

    test("gives what came after it, in order, with the head and the badge", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      const ids = await domain.createMany(userId, 3);
      await domain.service.markRead(userId, ids.slice(0, 2));
      const { epoch } = await domain.head(userId);
      const slice = await readOne(database(), userId, 2);
      expect(slice).toMatchObject({ head: { epoch, sequence: 4, unreadCount: 1 }, expired: false });
      expect(slice.events).toEqual(domain.committed.slice(2));
    });

    test("gives a limited part, from which to read on", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      await domain.createMany(userId, 5);
      expect(await readOne(database(), userId, 0, 2)).toMatchObject({
        sequences: [1, 2],
        head: { sequence: 5 },
      });
      expect(await readOne(database(), userId, 2, 2)).toMatchObject({ sequences: [3, 4], expired: false });
      expect(await readOne(database(), userId, 4, 2)).toMatchObject({ sequences: [5], expired: false });
    });

    test("that is the head gives nothing, and nothing is lost", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      await domain.createMany(userId, 2);
      expect(await readOne(database(), userId, 2)).toMatchObject({ sequences: [], expired: false });
    });

    test("that does not exist yet is lost", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      await domain.createMany(userId, 2);
      expect(await readOne(database(), userId, 3)).toMatchObject({ sequences: [], expired: true });
      expect(await readOne(database(), newUser(), 1)).toMatchObject({ sequences: [], expired: true });
    });

    test("after which events are gone is lost, and the one before the oldest kept is not", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      await domain.createMany(userId, 5);
      await forget(database(), userId, 1, 3);
      expect(await readOne(database(), userId, 0)).toMatchObject({ sequences: [], expired: true });
      expect(await readOne(database(), userId, 2)).toMatchObject({ sequences: [], expired: true });
      expect(await readOne(database(), userId, 3)).toMatchObject({ sequences: [4, 5], expired: false });
    });

    test("of a stream that is gone altogether is lost, but for its head", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      await domain.createMany(userId, 3);
      await forget(database(), userId, 1, 3);
      expect(await readOne(database(), userId, 1)).toMatchObject({ expired: true, head: { sequence: 3 } });
      expect(await readOne(database(), userId, 3)).toMatchObject({ expired: false, head: { sequence: 3 } });
    });

    test("stops before a hole, and is lost at it", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      await domain.createMany(userId, 5);
      await forget(database(), userId, 3, 3);
      expect(await readOne(database(), userId, 0)).toMatchObject({ sequences: [1, 2], expired: false });
      expect(await readOne(database(), userId, 2)).toMatchObject({ sequences: [], expired: true });
    });

    test("answers many positions in their order, the same user's too", async () => {
      const domain = new Domain(database());
      const [ada, bob] = [newUser(), newUser()];
      await domain.createMany(ada, 3);
      await domain.createMany(bob, 2);
      const positions = [
        { userId: bob, sequence: 1 },
        { userId: ada, sequence: 0 },
        { userId: newUser(), sequence: 0 },
        { userId: ada, sequence: 2 },
      ];
      const slices = await readAfter(database(), positions, 10);
      expect(slices.map(({ events }) => events.map(({ sequence }) => sequence))).toEqual([
        [2],
        [1, 2, 3],
        [],
        [3],
      ]);
      expect(await readAfter(database(), [], 10)).toEqual([]);
    });

    test("tells the heads, also of those who have no events", async () => {
      const domain = new Domain(database());
      const [ada, bob, eve] = [newUser(), newUser(), newUser()];
      await domain.createMany(ada, 3);
      await domain.createMany(bob, 1);
      const { epoch } = await domain.head(ada);
      const heads = await readHeads(database(), [ada, eve, bob]);
      expect(heads.toSorted((a, b) => b.sequence - a.sequence)).toEqual([
        { userId: ada, epoch, sequence: 3 },
        { userId: bob, epoch, sequence: 1 },
        { userId: eve, epoch, sequence: 0 },
      ]);
    });

    test("says of which epoch it is, so that a position of another can be told", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      await domain.createMany(userId, 2);
      const before = await readOne(database(), userId, 1);
      await renewEpoch(database());
      const after = await readOne(database(), userId, 1);
      expect(after.head.epoch).not.toBe(before.head.epoch);
      expect(after.events.map(({ epoch }) => epoch)).toEqual([after.head.epoch]);
    });
  });
}
