import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDatabase } from "../services/database.js";
import { type PostgresServer, startPostgres } from "../services/postgres-server.js";
import { createVhost } from "../services/vhost.js";
import { runScenario, type Scenario, scenarioTimeout } from "./scenario.js";

type Fault = Omit<Scenario, "databaseUrl" | "rabbitmqUrl">;

describe("under load, nothing is lost, repeated or put out of order", { timeout: scenarioTimeout }, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  /** Runs it on a database of a server of our own. */
  async function run(faultOn: (sql: postgres.Sql) => Fault): Promise<void> {
    await using database = await createDatabase(server.url);
    await using vhost = await createVhost();
    const sql = postgres(database.url, { max: 2, onnotice: () => {}, max_lifetime: null });
    try {
      await runScenario({ databaseUrl: database.url, rabbitmqUrl: vhost.url, ...faultOn(sql) });
    } finally {
      await sql.end({ timeout: 1 });
    }
  }

  it("when PostgreSQL is shut down at once and started again", () =>
    run(() => ({
      name: "PostgreSQL restarted, immediate",
      fault: () => server.stop("immediate"),
      heal: () => server.start(),
      pace: { during: 2000 },
    })));

  it("when PostgreSQL is killed with -9 and started again", () =>
    run(() => ({
      name: "PostgreSQL killed -9",
      fault: () => server.kill(),
      heal: () => server.start(),
      pace: { during: 1000 },
    })));

  it("when the server ends the connections of the instances again and again", () =>
    run((sql) => ({
      name: "PostgreSQL connections terminated in a loop",
      async fault({ random }) {
        for (let rounds = 0; rounds < 30; rounds += 1) {
          await sql`
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'carillon'`;
          await sleep(random.whole(20, 250));
        }
      },
      pace: { during: 0 },
    })));

  it("when a table is locked for longer than statements wait, and the pools are small", () =>
    run((sql) => ({
      name: "pools exhausted by a locked table",
      environment: { DATABASE_POOL_SIZE: "2" },
      async fault() {
        await sql.begin(async (transaction) => {
          await transaction`LOCK TABLE notifications`;
          await sleep(6000);
        });
      },
      pace: { during: 0 },
      // Mutations wait or are refused; what was committed before is delivered, and what comes after is not late.
      bounds: { silence: 15_000 },
      async inspect(_scene, { refused, slowestRefusal, strain }) {
        // Who finds no connection free is told so long before a statement gives up.
        expect(refused).toBeGreaterThan(0);
        expect(slowestRefusal).toBeLessThan(4500 * strain);
      },
    })));

  it("when the database refuses to write for a while", () =>
    run((sql) => ({
      name: "PostgreSQL read-only",
      async fault({ fleet }) {
        await setReadOnly(sql, true);
        const [instance] = fleet.running;
        const ready = await fetch(`${instance?.url}/health/ready`);
        expect(ready.status).toBe(200);
      },
      heal: () => setReadOnly(sql, false),
      pace: { during: 4000 },
    })));
});

/** For the sessions that are there as well as for new ones. */
async function setReadOnly(sql: postgres.Sql, readOnly: boolean): Promise<void> {
  const setting = readOnly ? "on" : "off";
  await sql.unsafe("SET default_transaction_read_only = off");
  await sql.unsafe(`ALTER SYSTEM SET default_transaction_read_only = ${setting}`);
  await sql`SELECT pg_reload_conf()`;
}
