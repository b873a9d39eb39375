import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { inspectDatabase } from "../../src/server/database/inspect.js";
import { openPostgresPool, type PostgresPool } from "../../src/server/database/postgres-pool.js";
import { isAborted } from "../../src/server/database/postgres-errors.js";
import { openPostgresDatabase } from "../../src/server/database/postgres-database.js";
import { createLog } from "../../src/server/telemetry/log.js";
import { startApp, token } from "../kit/app.js";
import { inboxOf, markRead, notify } from "../kit/backend.js";
import { titlesOf, upTo } from "../kit/items.js";
import { subscribe } from "../kit/subscriber.js";
import { createDatabase, type TestDatabase } from "../services/database.js";
import { type Pooler, startPgbouncer } from "../services/pgbouncer.js";
import { waitUntil } from "../services/wait-until.js";

const log = createLog("silent");

/** What poolers do with settings that a session begins with: refuse them, or drop them and say nothing. */
const dropping = {
  ignore_startup_parameters: "statement_timeout,lock_timeout,idle_in_transaction_session_timeout,jit,options",
};

describe.each([
  ["in transaction mode", { pool_mode: "transaction" }, ""],
  ["in transaction mode, dropping settings,", { pool_mode: "transaction", ...dropping }, ""],
  [
    "in transaction mode, named in the URL,",
    { pool_mode: "transaction" },
    "?pgbouncer=true&connection_limit=1",
  ],
  ["in session mode", { pool_mode: "session" }, ""],
])("behind PgBouncer %s", (_mode, settings, parameters) => {
  let database: TestDatabase;
  let pooler: Pooler;
  let url: string;
  beforeAll(async () => {
    database = await createDatabase();
    // Fewer than those who use it: they share sessions.
    const size = settings.pool_mode === "session" ? 40 : 3;
    pooler = await startPgbouncer(database.url, { ...settings, default_pool_size: size });
    url = `${pooler.url}${parameters}`;
  });
  afterAll(async () => {
    await pooler[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  function open(queryTimeout = 15_000): PostgresPool {
    const pool = openPostgresPool({ url, poolSize: 5, queryTimeout, log });
    onTestFinished(() => pool.close(0));
    return pool;
  }

  test("instances that start at once migrate the database once, and leave no lock behind", async () => {
    const opened = await Promise.all(upTo(4).map(() => openPostgresDatabase(url, 2, log)));
    await Promise.all(opened.map((database) => database[Symbol.asyncDispose]()));
    const { migrations } = await inspectDatabase(url, 5_000, log);
    expect(migrations).toMatchObject({ missing: 0, unknown: 0, refusal: null });
    const sql = postgres(database.url, { max: 1 });
    const locks = await sql`
      select from pg_locks join pg_database on oid = database
      where locktype = 'advisory' and datname = current_database()`;
    await sql.end();
    expect(locks).toEqual([]);
  });

  test("a backend sends, a user subscribes and reads", async () => {
    await using app = await startApp({ DATABASE_URL: url });
    await using tab = subscribe(app.url, await token("alice"), { userId: "alice" });
    await tab.until(1, "InboxReady");
    const titles = upTo(10).map((n) => `number ${n}`);
    const ids = await Promise.all(titles.map((title) => notify(app.url, "alice", title)));
    await Promise.all(upTo(40).map((n) => notify(app.url, `user ${n}`, "for somebody else")));
    await markRead(app.url, "alice", ids.slice(0, 5));
    await tab.until(1, "NotificationsRead");
    expect(titlesOf(tab.received).toSorted()).toEqual(titles.toSorted());
    expect(await inboxOf(app.url, "alice")).toMatchObject({ totalCount: 10, unreadCount: 5 });
  });

  test("statements have their settings, and the sessions that others share do not", async () => {
    const pool = open();
    const show = `select current_setting('jit') as jit, current_setting('lock_timeout') as lock,
      current_setting('statement_timeout') as statement, current_setting('TimeZone') as zone, $1::int as n`;
    const rows = await Promise.all(upTo(20).map((n) => pool.execute(show, [n])));
    expect(rows.flat()).toEqual(
      upTo(20).map((n) => ({ jit: "off", lock: "1500ms", statement: "15s", zone: "UTC", n })),
    );
    const others = postgres(pooler.url, { max: 5, onnotice: () => {}, fetch_types: false });
    const seen = await Promise.all(
      upTo(20).map(() => others`select current_setting('statement_timeout') as statement`.simple()),
    );
    await others.end();
    expect(new Set(seen.flat().map((row) => row["statement"] as unknown))).toEqual(new Set(["0"]));
  });

  test("what waits for a lock or takes too long ends on the server, and is known not to have run", async () => {
    const pool = open(400);
    await pool.execute("create table if not exists thing ()", []);
    await pool.transaction(async (execute) => {
      await execute("lock table thing", []);
      const blocked = await pool
        .execute("insert into thing default values", [])
        .catch((error: unknown) => error);
      expect([blocked, isAborted(blocked)]).toMatchObject([{ code: "55P03" }, true]);
    }, 5_000);
    const mark = randomUUID();
    const slow = await pool.execute(`select '${mark}', pg_sleep(60)`, []).catch((error: unknown) => error);
    expect([slow, isAborted(slow)]).toMatchObject([{ code: "57014" }, true]);
    const sql = postgres(database.url, { max: 1 });
    const running = () =>
      sql`select from pg_stat_activity where state = 'active' and query like ${`%${mark}%pg_sleep%`} and pid <> pg_backend_pid()`;
    await waitUntil("Ending on the server", async () => (await running()).length === 0);
    await sql.end();
  });

  test("a statement that fails undoes no other statement, and later statements succeed", async () => {
    const pool = open();
    await pool.execute("create table if not exists numbers (n int primary key)", []);
    const outcomes = await Promise.allSettled(
      upTo(30).map((n) => pool.execute("insert into numbers values ($1)", [n % 2 === 0 ? n : 1])),
    );
    const done = outcomes.filter(({ status }) => status === "fulfilled");
    expect(done).toHaveLength(16);
    const [row] = await pool.execute("select count(*)::int as count from numbers", []);
    expect(row).toEqual({ count: 16 });
  });
});
