import { connect } from "amqplib";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ResourceStack } from "../../src/server/scheduling/resource-stack.js";
import { startIssuer } from "../auth/issuer.js";
import { jwtSecret } from "../kit/app.js";
import { type Instance, startInstance } from "../kit/instance.js";
import { openCutProxy } from "../services/cut-proxy.js";
import { createDatabase, type TestDatabase } from "../services/database.js";
import { createVhost, type Vhost } from "../services/vhost.js";
import { carillon } from "./carillon.js";

const closing = new ResourceStack();
let database: TestDatabase;
let vhost: Vhost;
/** A virtual host without anything in it. */
let bare: Vhost;
let server: Instance;

beforeAll(async () => {
  database = closing.use(await createDatabase());
  vhost = closing.use(await createVhost());
  bare = closing.use(await createVhost());
  server = closing.use(await startInstance({ DATABASE_URL: database.url, RABBITMQ_URL: vhost.url }));
});
afterAll(async () => closing[Symbol.asyncDispose]());

/** What the doctor of the server's machine says, and the exit code. */
async function doctor(
  environment: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; lines: string[] }> {
  const { code, output } = await carillon(
    {
      DATABASE_URL: database.url,
      RABBITMQ_URL: vhost.url,
      AUTH_JWT_SECRET: jwtSecret,
      CARILLON_URL: server.url,
      ...environment,
    },
    "doctor",
  );
  return { code, lines: output.split("\n").filter((line) => line !== "") };
}

describe("carillon doctor", () => {
  it("finds nothing where all is well, and shows no password", async () => {
    const { code, lines } = await doctor();
    expect(lines).toEqual([
      expect.stringMatching(/^✓ Node\.js \d+/),
      "✓ Configuration: all variables are valid",
      "✓ Tokens: signed with AUTH_JWT_SECRET",
      expect.stringMatching(/^✓ Database: PostgreSQL \d+\S* at postgres(ql)?:\/\/[^@]+$/),
      expect.stringMatching(/^✓ Migrations: all \d+ applied$/),
      expect.stringMatching(/^✓ Epoch: [0-9a-f-]{36}$/),
      expect.stringMatching(/^✓ Database's clock: \d+ ms/),
      expect.stringMatching(/^✓ Broker: RabbitMQ \d\S+ at amqp:\/\/[^@]+$/),
      "✓ Topology: as declared, with classic queues",
      `✓ Server: ready at ${server.url}`,
    ]);
    expect(code).toBe(0);
  });

  it("says what to do where database, broker and server are down", async () => {
    const { code, lines } = await doctor({
      DATABASE_URL: "postgres://carillon:hunter2@127.0.0.1:1/carillon",
      RABBITMQ_URL: "amqp://carillon:hunter2@127.0.0.1:1",
      CARILLON_URL: "http://127.0.0.1:2",
      AUTH_JWKS_URL: "http://127.0.0.1:2/keys",
    });
    expect(lines.slice(2)).toEqual([
      expect.stringMatching(/^✗ Tokens: the keys at .* cannot be read: .*ECONNREFUSED/),
      "  Correct AUTH_JWKS_URL",
      expect.stringMatching(/^✗ Database: postgres:\/\/127\.0\.0\.1:1\/carillon: .*ECONNREFUSED/),
      "  Start PostgreSQL, or correct DATABASE_URL",
      expect.stringMatching(/^✗ Broker: amqp:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/),
      "  Start RabbitMQ, or correct RABBITMQ_URL",
      expect.stringMatching(/^✗ Server: no response from http:\/\/127\.0\.0\.1:2: .*ECONNREFUSED/),
      expect.stringMatching(/^ {2}Start it with carillon serve/),
    ]);
    expect(code).toBe(1);
    expect(lines.join("\n")).not.toContain("hunter2");
  });

  it("ends within seconds where nothing answers", async () => {
    await using toDatabase = await openCutProxy(database.url);
    await using toBroker = await openCutProxy(vhost.url);
    toDatabase.freeze();
    toBroker.freeze();
    const begin = Date.now();
    const { code, lines } = await doctor({ DATABASE_URL: toDatabase.url, RABBITMQ_URL: toBroker.url });
    const problems = lines.filter((line) => line.startsWith("✗"));
    expect(problems).toEqual([expect.stringMatching(/^✗ Database: /), expect.stringMatching(/^✗ Broker: /)]);
    expect(code).toBe(1);
    expect(Date.now() - begin).toBeLessThan(10_000);
  });

  it("tells a wrong password, a database and a virtual host that do not exist", async () => {
    const [nowhere, broker] = [new URL(database.url), new URL(vhost.url)];
    nowhere.pathname = "/nowhere";
    broker.pathname = "/nowhere";
    const absent = await doctor({ DATABASE_URL: nowhere.href, RABBITMQ_URL: broker.href });
    expect(absent.lines).toContain("  Create the database, or correct its name in DATABASE_URL");
    expect(absent.lines.join("\n")).toMatch(/nowhere: there is no such virtual host.*\n {2}Make it/);
    broker.password = "hunter2";
    await using issuer = await startIssuer("ES256");
    const refused = await doctor({ RABBITMQ_URL: broker.href, AUTH_JWKS_URL: issuer.url });
    expect(refused.lines).toContain(`✓ Tokens: checked with the keys at ${issuer.url}: 1`);
    expect(refused.lines).toContain(
      "  Correct the user and the password in RABBITMQ_URL, or its permissions",
    );
    expect(refused.lines.join("\n")).not.toContain("hunter2");
  });

  it("tells a database and a broker that are new from those that lack something, and changes neither", async () => {
    await using empty = await createDatabase();
    const fresh = { DATABASE_URL: empty.url, RABBITMQ_URL: bare.url };
    const first = await doctor(fresh);
    expect(first.lines).toContain("! Migrations: none applied, the database is new");
    expect(first.lines.join("\n")).toMatch(
      /^! Topology: missing: notification\.events, .*notification\.new/m,
    );
    expect(first.code).toBe(0);
    // The second time it finds the same.
    expect((await doctor(fresh)).lines.filter((line) => line.startsWith("!"))).toEqual(
      first.lines.filter((line) => line.startsWith("!")),
    );

    await carillon({ DATABASE_URL: empty.url }, "migrate");
    const sql = postgres(empty.url, { max: 1, onnotice: () => {} });
    await sql`delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations)`;
    await sql`insert into event_log (epoch, place) values (gen_random_uuid(), 'elsewhere')`;
    const name = new URL(empty.url).pathname.slice(1);
    await sql.unsafe(`alter database ${name} set synchronous_commit = off`);
    await sql.unsafe(`alter database ${name} set default_transaction_read_only = on`);
    await sql.end();
    const { code, lines } = await doctor({ DATABASE_URL: empty.url });
    expect(lines.join("\n")).toMatch(/^✗ Migrations: 1 missing, \d+ applied\n {2}Run carillon migrate/m);
    expect(lines).toContain("✗ Database: it is read-only");
    expect(lines.join("\n")).toMatch(/^! Database: fsync or synchronous_commit is off: /m);
    expect(lines.join("\n")).toMatch(
      /^! Epoch: \S+ is from another server: the database was copied, restored/m,
    );
    expect(code).toBe(1);
  });

  it("tells a queue with other arguments, which would stop the start, and dead letters that wait", async () => {
    const connection = await connect(bare.url);
    const channel = await connection.createConfirmChannel();
    await channel.assertQueue("notification.new", { durable: true });
    await channel.assertQueue("notification.dead", {
      durable: true,
      arguments: { "x-queue-type": "classic", "x-max-length": 1_000_000, "x-max-length-bytes": 2 ** 30 },
    });
    channel.sendToQueue("notification.dead", Buffer.from("{}"));
    await channel.waitForConfirms();
    await connection.close();
    const { code, lines } = await doctor({ RABBITMQ_URL: bare.url });
    const problems = lines.filter((line) => line.startsWith("✗"));
    expect(problems).toEqual([
      expect.stringMatching(
        /^✗ Topology: RabbitMQ queue notification\.new exists with other arguments .*rabbitmqctl delete_queue/,
      ),
    ]);
    expect(lines).toContain("! Dead letters: 1 are queued in the broker");
    expect(code).toBe(1);
  });

  it("prints a line for each invalid variable, and continues with the other checks", async () => {
    const { code, lines } = await doctor({ PORT: "eighty", DATABASE_URL: "mysql://root:hunter2@db/x" });
    expect(lines.filter((line) => !line.startsWith(" "))).toEqual([
      expect.stringMatching(/^✓ Node\.js/),
      "✗ Configuration: PORT must be a whole number from 0 to 65535",
      "✗ Configuration: DATABASE_URL must be a URL that begins with postgres:// or postgresql://",
      `✓ Server: ready at ${server.url}`,
    ]);
    expect(code).toBe(1);
  });
});
