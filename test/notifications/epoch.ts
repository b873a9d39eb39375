import { describe, expect, test } from "vitest";
import type { Database } from "../../src/database/database.js";
import { ensureEpoch, renewEpoch } from "../../src/database/epoch.js";
import { Domain, newUser } from "../kit/domain.js";

export async function epochOf(database: Database): Promise<string> {
  return (await new Domain(database).head("anyone")).epoch;
}

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
  });
}
