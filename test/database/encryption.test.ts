import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPostgresPool } from "../../src/server/database/postgres-pool.js";
import { createLog } from "../../src/server/telemetry/log.js";
import { upTo } from "../kit/items.js";
import { makeAuthority } from "../services/certificates.js";
import { openCutProxy } from "../services/cut-proxy.js";
import { type PostgresServer, startPostgres } from "../services/postgres-server.js";
import { waitUntil } from "../services/wait-until.js";
import { outcomeOf } from "./connecting.js";

/** One server with TLS, and users whom it lets in with it, without it, or with a certificate alone; and one without TLS. */
let folder = "";
let server: PostgresServer;
let plainServer: PostgresServer;
let version = 0;

/** With every character that means something in a URL. */
const password = "p@:/?#&%+ ü";

beforeAll(async () => {
  [server, plainServer] = await Promise.all([
    startPostgres({
      settings: [
        "ssl=on",
        "ssl_cert_file=server.crt",
        "ssl_key_file=server.key",
        "ssl_ca_file=ca.crt",
        "unix_socket_directories=.",
      ],
      logins: [
        "local all all trust",
        "host all postgres all trust",
        "hostssl all only_tls all trust",
        "hostnossl all only_plain all trust",
        "hostssl all certified all cert",
        "host all secretive all scram-sha-256",
      ],
      async prepare(data) {
        folder = data;
        const authority = await makeAuthority(data, "ca");
        await authority.issue("server", { commonName: "a server", host: "localhost" });
        await authority.issue("client", { commonName: "certified" });
        await makeAuthority(data, "other");
      },
    }),
    startPostgres(),
  ]);
  const sql = postgres(server.url, { max: 1 });
  for (const name of ["only_tls", "only_plain", "certified"]) await sql.unsafe(`create role ${name} login`);
  await sql.unsafe(`create role secretive login password '${password}'`);
  const [row] = await sql<
    { version: number }[]
  >`select current_setting('server_version_num')::int as version`;
  version = row?.version ?? 0;
  await sql.end();
});

afterAll(async () => {
  await Promise.all([server, plainServer].map((each) => each[Symbol.asyncDispose]()));
});

/** The server's URL with this user, host and these parameters. */
function urlOf(parameters: string, { user = "postgres", host = "127.0.0.1", to = server } = {}): string {
  return `postgres://${user}@${host}:${to.port}/postgres?${parameters}`;
}

const file = (name: string): string => encodeURIComponent(`${folder}/${name}`);

describe("sslmode", () => {
  test.each<[string, string, string | RegExp]>([
    ["", "postgres", "encrypted"],
    ["sslmode=disable", "postgres", "plain"],
    ["sslmode=allow", "postgres", "plain"],
    ["sslmode=prefer", "postgres", "encrypted"],
    ["sslmode=require", "postgres", "encrypted"],
    ["ssl=true", "postgres", "encrypted"],
    ["sslmode=require&sslsni=0&supa=base-pooler.x", "postgres", "encrypted"],
    [
      "sslmode=require&ssl_min_protocol_version=TLSv1.2&ssl_max_protocol_version=TLSv1.2",
      "postgres",
      "encrypted",
    ],
    ["sslmode=disable", "only_tls", /does not let the user only_tls in without TLS/],
    ["sslmode=allow", "only_tls", "encrypted"],
    ["sslmode=prefer", "only_tls", "encrypted"],
    ["sslmode=require", "only_tls", "encrypted"],
    ["sslmode=disable", "only_plain", "plain"],
    ["sslmode=allow", "only_plain", "plain"],
    ["sslmode=prefer", "only_plain", "plain"],
    ["sslmode=require", "only_plain", /does not let the user only_plain into the database/],
  ])("%j with a server that has TLS, as user %s: %s", async (parameters, user, outcome) => {
    expect(await outcomeOf(urlOf(parameters, { user }))).toMatch(outcome);
  });

  test.each<[string, string | RegExp]>([
    ["", "plain"],
    ["sslmode=disable", "plain"],
    ["sslmode=allow", "plain"],
    ["sslmode=prefer", "plain"],
    ["sslmode=require", /does not offer TLS, which sslmode in DATABASE_URL demands/],
    ["sslmode=verify-ca", /does not offer TLS, which sslmode in DATABASE_URL demands/],
    ["sslmode=verify-full", /does not offer TLS, which sslmode in DATABASE_URL demands/],
  ])("%j with a server without TLS: %s", async (parameters, outcome) => {
    expect(await outcomeOf(urlOf(parameters, { to: plainServer }))).toMatch(outcome);
  });

  test.each<[string, string, string, string | RegExp]>([
    ["verify-full", "localhost", "ca.crt", "encrypted"],
    ["verify-full", "127.0.0.1", "ca.crt", /certificate .* is not trusted \(ERR_TLS_CERT_ALTNAME_INVALID\)/],
    ["verify-full", "localhost", "other.crt", /certificate .* is not trusted/],
    ["verify-ca", "127.0.0.1", "ca.crt", "encrypted"],
    ["verify-ca", "127.0.0.1", "other.crt", /certificate .* is not trusted/],
    ["require", "127.0.0.1", "ca.crt", "encrypted"],
    ["require", "127.0.0.1", "other.crt", /certificate .* is not trusted/],
    ["prefer", "127.0.0.1", "other.crt", "plain"],
  ])("%s of %s with the CA of %s: %s", async (mode, host, ca, outcome) => {
    const url = urlOf(`sslmode=${mode}&sslrootcert=${file(ca)}`, { host });
    expect(await outcomeOf(url)).toMatch(outcome);
  });

  test("verify-full trusts the system's CAs where none is named, and with sslrootcert=system", async () => {
    for (const parameters of ["sslmode=verify-full", "sslmode=verify-ca", "sslrootcert=system"]) {
      expect(await outcomeOf(urlOf(parameters, { host: "localhost" }))).toMatch(
        /certificate .* is not trusted \(\w+\): name the file of its authority in sslrootcert of DATABASE_URL/,
      );
    }
  });

  test("does not matter on a Unix-domain socket, where there is no TLS", async () => {
    const socket = encodeURIComponent(folder);
    for (const place of [
      `${socket}:${server.port}/postgres?`,
      `/postgres?port=${server.port}&host=${socket}&`,
    ]) {
      expect(await outcomeOf(`postgres://only_tls@${place}sslmode=require`)).toBe("plain");
    }
  });
});

test("a certificate of the client's logs in", async () => {
  const certificate = `sslcert=${file("client.crt")}&sslkey=${file("client.key")}`;
  expect(await outcomeOf(urlOf(`sslmode=require&${certificate}`, { user: "certified" }))).toBe("encrypted");
  expect(await outcomeOf(urlOf("sslmode=require", { user: "certified" }))).toMatch(
    /does not let the user certified into the database/,
  );
  const wrong = `sslcert=${file("client.crt")}&sslkey=${file("server.key")}`;
  expect(await outcomeOf(urlOf(`sslmode=require&${wrong}`))).toMatch(
    /^DATABASE_URL parameters sslrootcert, sslcert and sslkey cannot be used: /,
  );
});

test("a password logs in when it is percent-encoded, whatever its characters", async () => {
  const login = (text: string) => `secretive:${encodeURIComponent(text)}`;
  expect(await outcomeOf(urlOf("sslmode=require", { user: login(password) }))).toBe("encrypted");
  expect(await outcomeOf(urlOf(`password=${encodeURIComponent(password)}`, { user: "secretive" }))).toBe(
    "encrypted",
  );
  expect(await outcomeOf(urlOf("", { user: login("another") }))).toMatch(
    /refuses the password of the user secretive/,
  );
});

test("sslnegotiation=direct begins with TLS at once, which PostgreSQL 17 and later understand", async () => {
  const outcome = await outcomeOf(urlOf("sslmode=require&sslnegotiation=direct"));
  expect(outcome).toMatch(
    version >= 170_000
      ? "encrypted"
      : /take sslnegotiation out of DATABASE_URL where the server is older than PostgreSQL 17/,
  );
});

test("faults of an encrypted line hang nothing and end nothing", async () => {
  await using proxy = await openCutProxy(urlOf("sslmode=require"));
  const pool = openPostgresPool({
    url: proxy.url,
    poolSize: 4,
    queryTimeout: 300,
    connectTimeout: 500,
    log: createLog("silent"),
  });
  const isServed = () =>
    pool.execute("select $1::int as n", [1]).then(
      () => true,
      () => false,
    );
  for (const harm of ["cut", "freeze", "cut"] as const) {
    await waitUntil("Recovery", isServed, { timeout: 10_000, interval: 10 });
    const running = Promise.allSettled(upTo(8).map(() => pool.execute("select pg_sleep(0.05)", [])));
    proxy[harm]();
    const statuses = (await running).map(({ status }) => status);
    expect(statuses).toContain("rejected");
    proxy.heal();
  }
  await pool.close(0);
});
