import { connect } from "amqplib";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cluster, openCluster } from "../kit/cluster.js";
import type { Instance } from "../kit/instance.js";
import { startInstance } from "../kit/instance.js";
import { makeDirectory } from "../kit/scratch-directory.js";
import { openCutProxy } from "../services/cut-proxy.js";
import { createDatabase } from "../services/database.js";
import { createVhost, type Vhost } from "../services/vhost.js";
import { carillon } from "./carillon.js";

let cluster: Cluster;
let vhost: Vhost;
let server: Instance;

beforeAll(async () => {
  cluster = await openCluster();
  vhost = await createVhost();
  server = await cluster.start({ RABBITMQ_URL: vhost.url });
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await vhost[Symbol.asyncDispose]();
});

/** What the doctor of the server's machine says, and the exit code. */
async function doctor(
  environment: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; lines: string[] }> {
  const { code, output } = await carillon(
    {
      DATABASE_URL: cluster.databaseUrl,
      RABBITMQ_URL: vhost.url,
      AUTH_JWT_SECRET: "a-secret-of-thirty-two-bytes-here",
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
      "✓ Configuration: every variable can be read",
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
    });
    expect(lines.slice(3)).toEqual([
      expect.stringMatching(/^✗ Database: postgres:\/\/127\.0\.0\.1:1\/carillon: .*ECONNREFUSED/),
      "  Start PostgreSQL, or correct DATABASE_URL",
      expect.stringMatching(/^✗ Broker: amqp:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/),
      "  Start RabbitMQ, or correct RABBITMQ_URL",
      expect.stringMatching(/^✗ Server: none answers at http:\/\/127\.0\.0\.1:2: .*ECONNREFUSED/),
      expect.stringMatching(/^ {2}Start it with carillon serve/),
    ]);
    expect(code).toBe(1);
    expect(lines.join("\n")).not.toContain("hunter2");
  });

  it("ends within seconds where nothing answers", async () => {
    await using database = await openCutProxy(cluster.databaseUrl);
    await using broker = await openCutProxy(vhost.url);
    database.freeze();
    broker.freeze();
    const begin = Date.now();
    const { code, lines } = await doctor({ DATABASE_URL: database.url, RABBITMQ_URL: broker.url });
    expect(lines.filter((line) => line.startsWith("✗")).map((line) => line.slice(2, 10))).toEqual([
      "Database",
      "Broker: ",
    ]);
    expect(code).toBe(1);
    expect(Date.now() - begin).toBeLessThan(15_000);
  });

  it("tells a wrong password, a database and a virtual host that do not exist", async () => {
    const [database, broker] = [new URL(cluster.databaseUrl), new URL(vhost.url)];
    database.pathname = "/nowhere";
    broker.pathname = "/nowhere";
    const absent = await doctor({ DATABASE_URL: database.href, RABBITMQ_URL: broker.href });
    expect(absent.lines).toContain("  Create the database, or correct its name in DATABASE_URL");
    expect(absent.lines).toContain(
      "  Make the virtual host (rabbitmqctl add_vhost), or correct it in RABBITMQ_URL",
    );
    broker.password = "hunter2";
    const refused = await doctor({ RABBITMQ_URL: broker.href });
    expect(refused.lines).toContain(
      "  Correct the user and the password in RABBITMQ_URL, or its permissions",
    );
    expect(refused.lines.join("\n")).not.toContain("hunter2");
  });

  it("tells a database and a broker that are new from those that lack something, and changes neither", async () => {
    await using empty = await createDatabase();
    await using bare = await createVhost();
    for (const _ of ["the first time", "again"]) {
      const { code, lines } = await doctor({ DATABASE_URL: empty.url, RABBITMQ_URL: bare.url });
      expect(lines).toContain("! Migrations: none yet, the database is new");
      expect(lines.join("\n")).toMatch(/^! Topology: missing: notification\.events, .*notification\.new/m);
      expect(code).toBe(0);
    }
    await carillon({ DATABASE_URL: empty.url }, "migrate");
    const sql = postgres(empty.url, { max: 1, onnotice: () => {} });
    await sql`delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations)`;
    await sql.end();
    const { code, lines } = await doctor({ DATABASE_URL: empty.url });
    expect(lines.join("\n")).toMatch(/^✗ Migrations: 1 missing, \d+ applied\n {2}Run carillon migrate/m);
    expect(code).toBe(1);
  });

  it("tells a queue with other arguments, which would stop the start, and dead letters that wait", async () => {
    await using bare = await createVhost();
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
    expect(lines).toContain("! Dead letters: 1 wait in the broker");
    expect(code).toBe(1);
  });

  it("says a line for each variable that is wrong, and goes on with what it can", async () => {
    const { code, lines } = await doctor({ PORT: "eighty", DATABASE_URL: "mysql://root:hunter2@db/x" });
    expect(lines.filter((line) => !line.startsWith(" "))).toEqual([
      expect.stringMatching(/^✓ Node\.js/),
      "✗ Configuration: PORT must be a whole number from 0 to 65535",
      "✗ Configuration: DATABASE_URL must be a URL that begins with postgres:// or postgresql://",
      `✓ Server: ready at ${server.url}`,
    ]);
    expect(code).toBe(1);
  });

  it("knows an embedded database, and leaves it to the server that has it open", async () => {
    await using folder = await makeDirectory();
    const embedded = { DATABASE_URL: "", RABBITMQ_URL: "", DATA_DIR: folder.path };
    const before = await doctor(embedded);
    await using alone = await startInstance({ DATA_DIR: folder.path });
    const { code, lines } = await doctor({ ...embedded, CARILLON_URL: alone.url });
    const where = `✓ Database: embedded (PGlite) in ${folder.path}, because DATABASE_URL is unset`;
    expect(before.lines).toContain(`${where}; no server has it open`);
    expect(lines).toContain(`${where}; a server has it open`);
    expect(lines).toContain(`✓ Server: ready at ${alone.url}`);
    expect([before.code, code]).toEqual([0, 0]);
  });
});
