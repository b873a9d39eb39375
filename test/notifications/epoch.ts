import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Database } from "../../src/server/database/database.js";
import { ensureEpoch, readEpoch, renewEpoch } from "../../src/server/database/epoch.js";
import { claimUnpublished, readHeads } from "../../src/server/notifications/event-log.js";
import { purgeExpired } from "../../src/server/notifications/purge.js";
import { Domain, newUser, readLog, toUser } from "../kit/domain.js";
import { eventually } from "../kit/eventually.js";

export async function epochOf(database: Database): Promise<string> {
  return (await new Domain(database).head("anyone")).epoch;
}

/** As if the server behind the connections were another one now, which a pooler brings about. */
async function moveElsewhere(database: Database): Promise<void> {
  await database.many(
    sql`with moved as (update event_log set place = 'elsewhere') select null::json as result where false`,
    z.null(),
  );
}

const publishNow = sql`
  with due as (update notification_events set publish_after = now() - interval '1 second')
  select null::json as result where false`;

export function renewingTheEpoch(database: () => Database): void {
  describe("the epoch", () => {
    test("stays what it is however often it is looked after", async () => {
      const before = await epochOf(database());
      const changed = await Promise.all([1, 2, 3].map(() => ensureEpoch(database())));
      expect(changed).toEqual([false, false, false]);
      expect(await epochOf(database())).toBe(before);
    });

    test("changes by command, and with it every cursor", async () => {
      const domain = new Domain(database());
      const userId = newUser();
      await domain.createMany(userId, 1);
      const [before, cursor] = [await domain.head(userId), await domain.cursor(userId)];
      await renewEpoch(database());
      const after = await domain.head(userId);
      expect(after.epoch).not.toBe(before.epoch);
      expect(after).toEqual({ ...before, epoch: after.epoch });
      await expect(domain.service.clear(userId, cursor)).rejects.toMatchObject({ field: "upTo" });
      expect(await ensureEpoch(database())).toBe(false);
    });

    test.each<[string, (domain: Domain, userId: string) => Promise<{ readonly epoch: string }[]>]>([
      [
        "creates",
        async (domain, userId) => domain.createMany(userId, 2).then(() => domain.committed.slice(-2)),
      ],
      [
        "changes an inbox",
        async (domain, userId) => {
          const { inbox, event } = await domain.service.clear(userId, null);
          return event === null ? [] : [inbox, event];
        },
      ],
      ["sweeps", () => purgeExpired(database(), 10)],
      ["reads an inbox", async (domain, userId) => [await domain.head(userId)]],
      ["reads the log", (_domain, userId) => readLog(database(), userId)],
      ["reads heads", (_domain, userId) => readHeads(database(), [userId])],
      ["relays", () => claimUnpublished(database(), 10, 1000)],
    ])("is renewed before a statement that %s uses it in another place", async (_what, run) => {
      const domain = new Domain(database());
      const userId = newUser();
      await domain.createOne(toUser(userId));
      await domain.createOne(toUser(userId, { expiresAt: new Date(Date.now() + 100) }));
      const before = await domain.head(userId);
      await eventually(async () => expect((await domain.head(userId)).totalCount).toBe(1));
      await database().many(publishNow, z.null());
      await moveElsewhere(database());
      const bearers = await run(domain, userId);
      expect(bearers).not.toEqual([]);
      const epoch = await readEpoch(database());
      expect(epoch).not.toBe(before.epoch);
      expect(new Set(bearers.map((one) => one.epoch))).toEqual(new Set([epoch]));
    });
  });
}
