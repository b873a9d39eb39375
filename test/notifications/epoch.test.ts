import postgres from "postgres";
import { expect, inject, test } from "vitest";
import { ensureEpoch } from "../../src/server/database/epoch.js";
import { openPgliteDatabase } from "../../src/server/database/pglite-database.js";
import { openPostgresDatabase } from "../../src/server/database/postgres-database.js";
import { createLog } from "../../src/server/telemetry/log.js";
import { makeDataDirectory } from "../kit/data-directory.js";
import { poolSize } from "../kit/databases.js";
import { Domain, newUser } from "../kit/domain.js";
import { createDatabase } from "../services/database.js";
import { epochOf } from "./epoch.js";

const log = createLog("silent");

test("PGlite keeps its epoch when it is opened again", async () => {
  await using directory = await makeDataDirectory();
  const epochs: string[] = [];
  for (const isNew of [true, false]) {
    await using database = await openPgliteDatabase(directory.path, log);
    expect(await ensureEpoch(database)).toBe(isNew);
    epochs.push(await epochOf(database));
  }
  expect(new Set(epochs).size).toBe(1);
});

test("PostgreSQL keeps its epoch when it is opened again, by several at once too", async () => {
  await using created = await createDatabase();
  const instances = await Promise.all([1, 2, 3].map(() => openPostgresDatabase(created.url, poolSize, log)));
  const changed = await Promise.all(instances.map(ensureEpoch));
  expect(changed.filter(Boolean)).toHaveLength(1);
  const epochs = await Promise.all(instances.map(epochOf));
  for (const instance of instances) await instance[Symbol.asyncDispose]();
  await using again = await openPostgresDatabase(created.url, poolSize, log);
  expect(await ensureEpoch(again)).toBe(false);
  expect(new Set([...epochs, await epochOf(again)]).size).toBe(1);
});

test("a copy of a PostgreSQL database has an epoch of its own, and refuses the cursors of the original", async () => {
  await using created = await createDatabase();
  const userId = newUser();
  const original = await (async () => {
    await using database = await openPostgresDatabase(created.url, poolSize, log);
    await ensureEpoch(database);
    const domain = new Domain(database);
    await domain.createMany(userId, 2);
    return { head: await domain.head(userId), cursor: await domain.cursor(userId) };
  })();
  const name = new URL(created.url).pathname.slice(1);
  const server = postgres(inject("postgresUrl"), { max: 1, onnotice: () => {} });
  const copyUrl = new URL(created.url);
  copyUrl.pathname = `/${name}_copy`;
  try {
    await server.unsafe(`CREATE DATABASE ${name}_copy TEMPLATE ${name}`);
    await using copy = await openPostgresDatabase(copyUrl.href, poolSize, log);
    expect(await ensureEpoch(copy)).toBe(true);
    const domain = new Domain(copy);
    const head = await domain.head(userId);
    expect(head).toMatchObject({ sequence: 2, totalCount: 2 });
    expect(head.epoch).not.toBe(original.head.epoch);
    await expect(domain.service.clear(userId, original.cursor)).rejects.toMatchObject({ field: "upTo" });
    expect(await ensureEpoch(copy)).toBe(false);
  } finally {
    await server.unsafe(`DROP DATABASE IF EXISTS ${name}_copy WITH (FORCE)`);
    await server.end();
  }
});
