import { Writable } from "node:stream";
import { pino } from "pino";
import postgres from "postgres";
import { beforeEach, afterEach, describe, expect, onTestFinished, test } from "vitest";
import { type Database, DatabaseUnavailableError } from "../../src/server/database/database.js";
import { ensureEpoch, inspectEpoch, readEpoch } from "../../src/server/database/epoch.js";
import { openPostgresDatabase } from "../../src/server/database/postgres-database.js";
import { Domain, newUser, toUser } from "../kit/domain.js";
import { upTo } from "../kit/items.js";
import { openCutProxy } from "../services/cut-proxy.js";
import { waitUntil } from "../services/wait-until.js";
import { type PostgresPair, startPostgresPair } from "../services/postgres-pair.js";

describe("when a standby of PostgreSQL is promoted", () => {
  let pair: PostgresPair;
  /** What was logged about epochs. */
  let renewals: string[];
  beforeEach(async () => {
    pair = await startPostgresPair();
    renewals = [];
  });
  afterEach(() => pair[Symbol.asyncDispose]());

  async function open(poolSize = 4, { url }: { readonly url: string } = pair): Promise<Database> {
    const lines = new Writable({
      write(line: Buffer, _encoding, done) {
        if (line.includes("epoch renewed")) renewals.push(line.toString());
        done();
      },
    });
    const database = await openPostgresDatabase(url, poolSize, pino({ level: "warn" }, lines));
    onTestFinished(() => database[Symbol.asyncDispose]());
    return database;
  }

  test("no event and no cursor contains the former epoch, and one of many databases that notice it renews it", async () => {
    const databases = await Promise.all(upTo(3).map(() => open()));
    const domains = databases.map((database) => new Domain(database));
    const [domain, ...others] = domains;
    const [database] = databases;
    if (domain === undefined || database === undefined) throw new Error("no database");
    await ensureEpoch(database);
    const userId = newUser();
    await domain.createMany(userId, 3);
    const before = await domain.head(userId);
    await pair.cutOffStandby();
    await domain.createMany(userId, 5);
    domain.committed.length = 0;
    await pair.killPrimary();
    await pair.promoteStandby();

    const writing = domains.flatMap((one) => upTo(4).map(() => one.createMany(userId, 1)));
    const reading = others.map((one) => one.head(userId));
    const heads = await Promise.all(reading);
    await Promise.all(writing);

    const epoch = await readEpoch(database);
    expect(epoch).not.toBe(before.epoch);
    const events = domains.flatMap(({ committed }) => committed);
    expect(events.map(({ sequence }) => sequence).toSorted((a, b) => a - b)).toEqual(
      upTo(12).map((number) => number + 3),
    );
    expect(new Set([...events, ...heads].map((one) => one.epoch))).toEqual(new Set([epoch]));
    expect(renewals).toHaveLength(1);
  });

  test("it is noticed before the first checkpoint, and told as versions before told it after", async () => {
    const database = await open();
    await ensureEpoch(database);
    const seen = await inspectEpoch(database);
    expect(seen).toMatchObject({ isCopy: false });
    await pair.cutOffStandby();
    await pair.killPrimary();
    await pair.promoteStandby();
    // The connection is lost with the primary.
    await waitUntil("Looking at the epoch", () => inspectEpoch(database).then(Boolean, () => false));
    expect(await inspectEpoch(database)).toEqual({ epoch: seen?.epoch, isCopy: true });
    expect(await ensureEpoch(database)).toBe(true);
    expect(await ensureEpoch(database)).toBe(false);

    const server = postgres(pair.standby.url, { max: 1 });
    await server`CHECKPOINT`;
    const [row] = await server`
      SELECT place = (SELECT system_identifier FROM pg_control_system()) || '/' ||
        (SELECT timeline_id FROM pg_control_checkpoint()) || '/' ||
        (SELECT oid FROM pg_database WHERE datname = current_database()) AS same FROM event_log`;
    await server.end();
    expect(row).toEqual({ same: true });
    expect(await ensureEpoch(database)).toBe(false);
  });

  test("a connection from before the promotion notices too; until then nothing is read of a log that lags", async () => {
    await ensureEpoch(await open());
    const domain = new Domain(await open(1));
    const userId = newUser();
    const { id } = await domain.createOne(toUser(userId));
    const before = await domain.head(userId);
    await pair.cutOffStandby();
    await domain.createMany(userId, 2);
    await pair.killPrimary();
    await expect(domain.head(userId)).rejects.toThrow(DatabaseUnavailableError);
    await expect(domain.createMany(userId, 1)).rejects.toThrow(DatabaseUnavailableError);
    // Whatever needs no epoch can be read, and leaves its connection open.
    expect(await domain.service.notification(id, userId)).toMatchObject({ id });
    await pair.promoteStandby();
    domain.committed.length = 0;
    await domain.createMany(userId, 1);
    expect(domain.committed).toEqual([expect.objectContaining({ sequence: 2 })]);
    expect(domain.committed[0]?.epoch).not.toBe(before.epoch);
    expect(renewals).toHaveLength(1);
  });

  test("connections to a primary that lives on are left as soon as a new one leads to the other", async () => {
    await using address = await openCutProxy(pair.url);
    const database = await open(2, address);
    await ensureEpoch(database);
    const domain = new Domain(database);
    const userId = newUser();
    const before = await domain.head(userId);
    await pair.cutOffStandby();
    await pair.promoteStandby();
    address.leadTo(pair.standby.url);
    // One of two at a time needs a new connection.
    await Promise.all([domain.head(userId), domain.head(userId)]);
    const heads = await Promise.all(upTo(10).map(() => domain.head(userId)));
    const epochs = new Set(heads.map(({ epoch }) => epoch));
    expect(epochs.size).toBe(1);
    expect(epochs).not.toContain(before.epoch);
  });
});
