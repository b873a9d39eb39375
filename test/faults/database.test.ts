import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ResourceStack } from "../../src/server/scheduling/resource-stack.js";
import { createDatabase } from "../services/database.js";
import { type PostgresServer, startPostgres } from "../services/postgres-server.js";
import { createVhost } from "../services/vhost.js";
import { scenarioTimeout, Testbed, type TestbedOptions } from "./scenario.js";

describe("under load, nothing is lost, repeated or put out of order", { timeout: scenarioTimeout }, () => {
  const resources = new ResourceStack();
  let server: PostgresServer;
  let testbed: Testbed;
  let sql: postgres.Sql;
  beforeAll(async () => {
    server = resources.use(await startPostgres());
    const options = await makeServices();
    testbed = resources.use(await Testbed.start(options));
    sql = connect(options.databaseUrl);
  });
  afterAll(() => resources[Symbol.asyncDispose]());

  /** A database of our server, and a virtual host. */
  async function makeServices(): Promise<TestbedOptions> {
    const database = resources.use(await createDatabase(server.url));
    const vhost = resources.use(await createVhost());
    return { databaseUrl: database.url, rabbitmqUrl: vhost.url };
  }

  function connect(url: string): postgres.Sql {
    const opened = postgres(url, { max: 2, onnotice: () => {}, max_lifetime: null });
    resources.use({ [Symbol.asyncDispose]: () => opened.end({ timeout: 1 }) });
    return opened;
  }

  it("when PostgreSQL is shut down at once and started again", () =>
    testbed.run({
      name: "PostgreSQL restarted, immediate",
      fault: () => server.stop("immediate"),
      heal: () => server.start(),
      during: 2000,
    }));

  it("when PostgreSQL is killed with -9 and started again", () =>
    testbed.run({
      name: "PostgreSQL killed -9",
      fault: () => server.kill(),
      heal: () => server.start(),
      during: 1000,
    }));

  it("when the server ends the connections of the instances again and again", () =>
    testbed.run({
      name: "PostgreSQL connections terminated in a loop",
      async fault({ random }) {
        for (let rounds = 0; rounds < 30; rounds += 1) {
          await sql`
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'carillon'`;
          await sleep(random.whole(20, 250));
        }
      },
      during: 0,
    }));

  it("when a table is locked for longer than statements wait, and the pools are small", async () => {
    const options = await makeServices();
    await using small = await Testbed.start({ ...options, environment: { DATABASE_POOL_SIZE: "2" } });
    const locker = connect(options.databaseUrl);
    await small.run({
      name: "pools exhausted by a locked table",
      async fault() {
        await locker.begin(async (transaction) => {
          await transaction`LOCK TABLE notifications`;
          await sleep(6000);
        });
      },
      during: 0,
      // Mutations wait or are refused; what was committed before is delivered, and what comes after is not late.
      bounds: { silence: 15_000 },
      async inspect(_scene, { refused, slowestRefusal, processorShare }) {
        // Who finds no connection free is told so long before a statement gives up.
        expect(refused).toBeGreaterThan(0);
        expect(slowestRefusal).toBeLessThan(4500 / processorShare);
      },
    });
  });

  it("when one inbox is locked for longer than its commands wait: all others have their part of the pool", () => {
    let locked = "";
    return testbed.run({
      name: "one inbox locked",
      async fault({ load }) {
        [locked = ""] = load.users;
        await sql.begin(async (transaction) => {
          await transaction`SELECT FROM inboxes WHERE user_id = ${locked} FOR UPDATE`;
          await sleep(6000);
        });
      },
      during: 0,
      async inspect({ load }) {
        // Those of several inboxes, whose keys have a point, may wait for this one.
        const refused = load.history.attempts.filter(({ key, tries }) => tries > 1 && !key.includes("."));
        expect(new Set(refused.map(({ userId }) => userId))).toEqual(new Set([locked]));
      },
    });
  });

  it("when the database refuses to write for a while", () =>
    testbed.run({
      name: "PostgreSQL read-only",
      async fault({ instances }) {
        await setReadOnly(sql, true);
        const [instance] = instances.running;
        const ready = await fetch(`${instance?.url}/health/ready`);
        expect(ready.status).toBe(200);
      },
      heal: () => setReadOnly(sql, false),
      during: 4000,
    }));
});

/** For the sessions that are there as well as for new ones. */
async function setReadOnly(sql: postgres.Sql, readOnly: boolean): Promise<void> {
  const setting = readOnly ? "on" : "off";
  await sql.unsafe("SET default_transaction_read_only = off");
  await sql.unsafe(`ALTER SYSTEM SET default_transaction_read_only = ${setting}`);
  await sql`SELECT pg_reload_conf()`;
}
