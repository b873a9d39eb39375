import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { DrizzleQueryError } from "drizzle-orm";
import { pino } from "pino";
import postgres from "postgres";
import { expect, onTestFinished, test } from "vitest";
import {
  openPostgresPool,
  type PostgresOptions,
  type PostgresPool,
} from "../../src/server/database/postgres-pool.js";
import { isAborted, isTransient } from "../../src/server/database/postgres-errors.js";
import { type CutProxy, openCutProxy } from "../services/cut-proxy.js";
import { createDatabase } from "../services/database.js";
import { type PostgresServer, startPostgres } from "../services/postgres-server.js";
import { waitUntil } from "../services/wait-until.js";

test("no fault of the server or the line ends the process, hangs a write, loses or repeats one", async () => {
  await using server = await startPostgres();
  await using proxy = await openCutProxy(server.url);
  const surprises = watchProcess();
  const pool = open(proxy.url, {
    poolSize: 10,
    queryTimeout: 500,
    queueTimeout: 1_000,
    connectTimeout: 1_000,
  });
  await pool.execute("create table written (id uuid not null)", []);
  const writers = startWriters(pool, 50);

  for (let round = 0; round < 4; round += 1) {
    for (const fault of Object.values(faults)) {
      await fault(server, proxy, writers);
      await writers.areServedAgain();
    }
  }
  await writers.stop();

  const sql = postgres(server.url, { max: 1 });
  const rows = await sql<
    { id: string; times: number }[]
  >`select id, count(*)::int as times from written group by id`;
  await sql.end();
  const times = new Map(rows.map((row) => [row.id, row.times]));
  expect(surprises).toEqual([]);
  expect(writers.hung).toEqual([]);
  expect(writers.puzzling).toEqual([]);
  expect(writers.acknowledged.filter((id) => times.get(id) !== 1)).toEqual([]);
  expect(writers.aborted.filter((id) => times.has(id))).toEqual([]);
  expect(rows.filter((row) => row.times > 1)).toEqual([]);
}, 90_000);

type Fault = (server: PostgresServer, proxy: CutProxy, writers: Writers) => Promise<void>;

const faults: Record<string, Fault> = {
  async killedServer(server) {
    await server.kill();
    await server.start();
  },
  async immediateRestart(server) {
    await server.stop("immediate");
    await server.start();
  },
  async terminatedBackends(server, _proxy, writers) {
    const storm =
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'carillon'";
    const sql = postgres(server.url, { max: 1 });
    await writers.fail(50, () => sql.unsafe(storm));
    await sql.end();
  },
  async cutLine(_server, proxy, writers) {
    await writers.fail(50, () => proxy.cut());
    proxy.heal();
  },
  async flappingLine(_server, proxy, writers) {
    await writers.fail(50, () => {
      proxy.cut();
      proxy.heal();
    });
  },
  async frozenLine(_server, proxy, writers) {
    proxy.freeze();
    await writers.fail(50, () => {});
    proxy.heal();
  },
};

interface Writers {
  readonly acknowledged: string[];
  /** Certainly not written, says `isAborted`. */
  readonly aborted: string[];
  /** Without an answer for longer than all timeouts together. */
  readonly hung: string[];
  /** Failures that `isTransient` takes for errors of the program. */
  readonly puzzling: unknown[];
  /** Does `harm` again and again until `times` more writes have failed. */
  fail(times: number, harm: () => unknown): Promise<void>;
  areServedAgain(): Promise<void>;
  stop(): Promise<void>;
}

function startWriters(pool: PostgresPool, count: number): Writers {
  const outcomes = { acknowledged: [] as string[], aborted: [] as string[], hung: [] as string[] };
  const puzzling: unknown[] = [];
  const end = new AbortController();
  let failures = 0;

  async function write(): Promise<void> {
    const id = randomUUID();
    const timeout = new AbortController();
    const hanging = delay(6_000, "hung" as const, { signal: timeout.signal });
    hanging.catch(() => {});
    try {
      const answer = pool.execute("insert into written values ($1)", [id]);
      const winner = await Promise.race([answer, hanging]);
      outcomes[winner === "hung" ? "hung" : "acknowledged"].push(id);
    } catch (error) {
      failures += 1;
      if (isAborted(error)) outcomes.aborted.push(id);
      if (!isTransient(error)) puzzling.push(error);
    } finally {
      timeout.abort();
    }
  }
  async function writeOn(): Promise<void> {
    while (!end.signal.aborted) {
      await write();
      // The pace of a client, so that refusals, which are immediate, leave room for everything else.
      await delay(5 * Math.random());
    }
  }
  const loops = Array.from({ length: count }, writeOn);

  return {
    ...outcomes,
    puzzling,
    async fail(times, harm) {
      const enough = failures + times;
      await waitUntil(`${times} failures`, async () => (await harm(), failures >= enough), { interval: 15 });
    },
    async areServedAgain() {
      const enough = outcomes.acknowledged.length + 200;
      const recovery = { timeout: 10_000, interval: 10, detail: () => `${outcomes.hung.length} hang` };
      await waitUntil("Recovery", () => outcomes.acknowledged.length >= enough, recovery);
    },
    async stop() {
      end.abort();
      await Promise.all(loops);
    },
  };
}

/** What would have ended the process outside of a test runner. */
function watchProcess(): unknown[] {
  const surprises: unknown[] = [];
  const note = (error: unknown) => void surprises.push(error);
  process.on("uncaughtException", note).on("unhandledRejection", note);
  onTestFinished(() => void process.off("uncaughtException", note).off("unhandledRejection", note));
  return surprises;
}

test("the result that follows one cut short by an error is whole", async () => {
  await using database = await createDatabase();
  const pool = open(database.url);
  const broken = pool.execute("select 1 / (4 - i) from generate_series($1::int, 10) i", [1]);
  await expect(broken).rejects.toMatchObject({ code: "22012" });
  const rows = await pool.execute("select i from generate_series($1::int, 2) i", [1]);
  expect(rows).toEqual([{ i: 1 }, { i: 2 }]);
});

test("a statement that finds the pool busy is refused in time, and is known not to have run", async () => {
  await using database = await createDatabase();
  const pool = open(database.url, { queueTimeout: 100 });
  const slow = pool.execute("select pg_sleep(0.5)", []);
  const refusal = await failureOf(pool.execute("select 1", []));
  expect(refusal).toMatchObject({ code: "QUEUE_TIMEOUT" });
  expect(isAborted(refusal)).toBe(true);
  await slow;
});

test("the queue has an end", async () => {
  await using database = await createDatabase();
  const pool = open(database.url);
  // One runs and a hundred wait.
  const statements = Array.from({ length: 151 }, () => pool.execute("select 1", []));
  const outcomes = await Promise.allSettled(statements);
  const refused = outcomes.filter((outcome) => outcome.status === "rejected");
  expect(refused).toHaveLength(50);
  expect(refused[0]?.reason).toMatchObject({ code: "QUEUE_FULL" });
});

test("a statement behind a lock is undone after half the time of a statement, a slow one after the whole", async () => {
  await using database = await createDatabase();
  const pool = open(database.url, { queryTimeout: 400 });
  await pool.execute("create table thing ()", []);
  await pool.transaction(async (execute) => {
    await execute("lock table thing", []);
    const blocked = await failureOf(pool.execute("insert into thing default values", []));
    expect([blocked, isAborted(blocked)]).toMatchObject([{ code: "55P03" }, true]);
  }, 5_000);
  const slow = await failureOf(pool.execute("select pg_sleep(10)", []));
  expect([slow, isAborted(slow)]).toMatchObject([{ code: "57014" }, true]);
});

test("a statement on a silent line fails with its outcome unknown", async () => {
  await using database = await createDatabase();
  await using proxy = await openCutProxy(database.url);
  const pool = open(proxy.url, { queryTimeout: 100 });
  await pool.execute("select 1", []);
  proxy.freeze();
  const fault = await failureOf(pool.execute("select 1", []));
  expect(fault).toMatchObject({ code: "QUERY_TIMEOUT" });
  expect([isTransient(fault), isAborted(fault)]).toEqual([true, false]);
  proxy.heal();
  await pool.execute("select 1", []);
});

test("a statement that cannot be sent is known not to have run; a wrong database is no passing fault", async () => {
  await using database = await createDatabase();
  await using proxy = await openCutProxy(database.url);
  proxy.cut();
  const unreachable = await failureOf(open(proxy.url).execute("select 1", []));
  expect(unreachable).toMatchObject({ code: "CONNECT_FAILED" });
  expect([isTransient(unreachable), isAborted(unreachable)]).toEqual([true, true]);
  const wrong = await failureOf(open(`${database.url}_not`).execute("select 1", []));
  expect(wrong).toMatchObject({ code: "CONNECT_FAILED", cause: { code: "3D000" } });
  expect([isTransient(wrong), isAborted(wrong)]).toEqual([false, false]);
});

test("a transaction ends with its connection: what is sent later runs nowhere, and it fails", async () => {
  await using database = await createDatabase();
  const pool = open(database.url);
  const transaction = pool.transaction(async (execute) => {
    const running = failureOf(execute("select pg_sleep(30)", []));
    const others = "datname = current_database() and pid <> pg_backend_pid()";
    await pool.execute(`select pg_terminate_backend(pid) from pg_stat_activity where ${others}`, []);
    expect(isTransient(await running)).toBe(true);
    await expect(execute("create table stray ()", [])).rejects.toMatchObject({ code: "CONNECTION_LOST" });
  }, 60_000);
  await expect(transaction).rejects.toMatchObject({ code: "CONNECTION_LOST" });
  expect(await pool.execute("select to_regclass('stray') as stray", [])).toEqual([{ stray: null }]);
});

test("a text of several statements takes effect whole or not at all", async () => {
  await using database = await createDatabase();
  const pool = open(database.url);
  await expect(pool.execute("create table half (); select 1 / 0", [])).rejects.toMatchObject({
    code: "22012",
  });
  expect(await pool.execute("select to_regclass('half') as half", [])).toEqual([{ half: null }]);
});

test("closing lets a statement end, refuses the next, and waits no longer than it was told", async () => {
  await using database = await createDatabase();
  const busy = open(database.url);
  await busy.execute("select 1", []);
  const running = busy.execute("select pg_sleep(0.2), 7 as seven", []);
  // The statement is on its way once the queue has handed it over, in the next turn.
  await delay(0);
  await busy.close(5_000);
  expect(await running).toMatchObject([{ seven: 7 }]);
  expect(await failureOf(busy.execute("select 1", []))).toMatchObject({ code: "POOL_CLOSED" });

  const hasty = open(database.url);
  await hasty.execute("select 1", []);
  const endless = failureOf(hasty.execute("select pg_sleep(30)", []));
  await delay(0);
  await hasty.close(50);
  const fault = await endless;
  expect([isTransient(fault), isAborted(fault)]).toEqual([true, false]);
});

test("parameters and results cross as they are", async () => {
  await using database = await createDatabase();
  const parameters = [
    JSON.stringify({ a: 1 }),
    { b: [2] },
    ['"', "\\", null],
    new Date(0),
    true,
    5,
    2n ** 60n,
  ];
  const types = ["json", "jsonb", "text[]", "timestamptz", "bool", "int", "int8"];
  const columns = types.map((type, index) => `$${index + 1}::${type} as ${String.fromCodePoint(97 + index)}`);
  const pool = open(database.url);
  expect(
    await pool.execute(`select ${columns.join(", ")}, $3::text[] = array['"', '\\', null] as h`, parameters),
  ).toEqual([
    {
      a: { a: 1 },
      b: { b: [2] },
      c: '{"\\"","\\\\",NULL}',
      d: new Date(0),
      e: true,
      f: 5,
      g: String(2n ** 60n),
      h: true,
    },
  ]);
});

test.each([
  ["25006", true, true],
  ["40P01", true, true],
  ["53100", true, true],
  ["57P01", true, false],
  ["08006", true, false],
  ["ECONNRESET", true, false],
  ["CONNECTION_CLOSED", true, false],
  ["23505", false, false],
  ["42601", false, false],
])("%s is seen through what wraps it", (code, transient, aborted) => {
  const error = new DrizzleQueryError("select 1", [], Object.assign(new Error("cause"), { code }));
  expect([isTransient(error), isAborted(error)]).toEqual([transient, aborted]);
});

function open(url: string, options: Partial<PostgresOptions> = {}): PostgresPool {
  const pool = openPostgresPool({ url, poolSize: 1, log: pino({ level: "silent" }), ...options });
  onTestFinished(() => pool.close(0));
  return pool;
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail("it should have failed"),
    (error: unknown) => error,
  );
}
