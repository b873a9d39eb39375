import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { carillon } from "../cli/carillon.js";
import { explainConnection } from "../../src/server/database/startup-check.js";
import { failingStart } from "../kit/failing-start.js";
import { type PostgresServer, startPostgres } from "../services/postgres-server.js";

let server: PostgresServer;
let data: string;

/** The rights of the users below: which database they get at, from here, and how. */
const hba = `
host all postgres,limited,ghost,nologin all trust
host all sam all scram-sha-256
hostssl all tessa all trust
host all nobody 10.0.0.0/8 trust
`;

beforeAll(async () => {
  server = await startPostgres();
  await withSql(async (sql) => {
    for (const statement of [
      "create role limited login",
      "create role nologin nologin",
      "create role sam login password 'hunter2'",
      "create database shut connection limit 0",
      "create database latin encoding 'LATIN1' lc_collate 'C' lc_ctype 'C' template template0",
      "create database fixed",
      "alter database fixed set default_transaction_read_only = on",
      "create database owned",
      "create database migrated",
    ]) {
      await sql.unsafe(statement);
    }
    const [row] = await sql<{ data_directory: string }[]>`show data_directory`;
    data = row?.data_directory ?? "";
  });
  await server.stop("fast");
  await writeFile(join(data, "pg_hba.conf"), hba);
  await server.start();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

async function withSql(work: (sql: postgres.Sql) => Promise<void>, database = "postgres"): Promise<void> {
  const sql = postgres(urlOf({ pathname: `/${database}` }), { max: 1, onnotice: () => {} });
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}

/** The server's URL with these parts. */
function urlOf(parts: Partial<Pick<URL, "username" | "password" | "pathname" | "search" | "port">>): string {
  return Object.assign(new URL(server.url), parts).href;
}

/** What the operator is told of a DATABASE_URL, in which `SERVER` stands for where the server is. */
async function said(databaseUrl: string): Promise<string> {
  const line = await failingStart({ DATABASE_URL: databaseUrl });
  expect(line).not.toMatch(/hunter|\n/);
  return line.replaceAll(new URL(databaseUrl).host, "SERVER");
}

describe("an instance that cannot use its database says why, and what to do", () => {
  it.each([
    [
      "nothing listens",
      { port: "1" },
      "no database server listens at SERVER (ECONNREFUSED): start PostgreSQL, or correct DATABASE_URL",
    ],
    [
      "there is no such database",
      { pathname: "/nowhere" },
      "there is no database nowhere at SERVER: create the database, or correct its name in DATABASE_URL",
    ],
    [
      "there is no such user",
      { username: "ghost" },
      "there is no user ghost in the database server at SERVER, or it may not log in: correct the user and the password in DATABASE_URL",
    ],
    [
      "the user may not log in",
      { username: "nologin" },
      "there is no user nologin in the database server at SERVER, or it may not log in: correct the user and the password in DATABASE_URL",
    ],
    [
      "the password is wrong",
      { username: "sam", password: "hunter3" },
      "the database server at SERVER refuses the password of the user sam (28P01): correct the user and the password in DATABASE_URL",
    ],
    [
      "the password is missing",
      { username: "sam" },
      "the database server at SERVER refuses the password of the user sam (28P01): correct the user and the password in DATABASE_URL",
    ],
    [
      "the server wants TLS",
      { username: "tessa" },
      "the database server at SERVER does not let the user tessa in without TLS, or not from this address (28000): add sslmode=require to DATABASE_URL, or allow it in pg_hba.conf",
    ],
    [
      "the server has no TLS",
      { search: "?sslmode=require" },
      "the database server at SERVER does not offer TLS, which sslmode in DATABASE_URL demands: configure TLS in PostgreSQL (ssl = on), or take sslmode out of DATABASE_URL",
    ],
    [
      "there are too many connections",
      { username: "limited", pathname: "/shut" },
      "the database server at SERVER has too many connections already: raise max_connections of PostgreSQL, or lower DATABASE_POOL_SIZE of its instances",
    ],
    [
      "the encoding is not UTF-8",
      { pathname: "/latin" },
      "the database cannot be used: it has the encoding LATIN1, which cannot hold every text: create one with ENCODING 'UTF8' TEMPLATE template0, and name it in DATABASE_URL",
    ],
    [
      "it is read-only",
      { pathname: "/fixed" },
      "the database cannot be used: it is read-only: point DATABASE_URL at the primary, or end default_transaction_read_only",
    ],
  ])("when %s", async (_what, parts, line) => {
    expect(await said(urlOf(parts))).toBe(line);
  });

  it("when its host is unknown", async () => {
    expect(await failingStart({ DATABASE_URL: "postgres://sam:hunter2@nowhere.invalid/db" })).toMatch(
      /^the host of the database, nowhere\.invalid, is unknown \((ENOTFOUND|EAI_AGAIN)\): correct DATABASE_URL, or see/,
    );
  });

  it("when the user may not create tables, or not use those that are there", async () => {
    const rights = (database: string): string =>
      `the user limited may not create or use the tables in the database ${database}: GRANT CREATE ON DATABASE ${database} and ON ` +
      "SCHEMA public to that user, or run carillon migrate with a DATABASE_URL of the owner and GRANT the use of its tables";
    expect(await said(urlOf({ username: "limited", pathname: "/owned" }))).toBe(rights("owned"));

    expect(await carillon({ DATABASE_URL: urlOf({ pathname: "/migrated" }) }, "migrate")).toMatchObject({
      code: 0,
    });
    const limited = urlOf({ username: "limited", pathname: "/migrated" });
    expect(await said(limited)).toBe(rights("migrated"));
    await withSql(async (sql) => {
      await sql.unsafe("grant usage on schema drizzle to limited");
      await sql.unsafe("grant select on all tables in schema drizzle to limited");
    }, "migrated");
    expect(await said(limited)).toBe(rights("migrated"));
    await withSql(async (sql) => {
      await sql.unsafe("grant select, insert, update, delete on all tables in schema public to limited");
    }, "migrated");
    await expect(failingStart({ DATABASE_URL: limited })).rejects.toThrow(/^it started at/);
  });

  it("when what listens is not PostgreSQL", async () => {
    await using web = await listening(createHttpServer());
    expect(await said(web.url)).toBe(
      "what listens at SERVER closed the connection (CONNECTION_LOST): see whether it is PostgreSQL, or correct DATABASE_URL",
    );
  });

  it("when the server is starting", async () => {
    const fields = ["SFATAL", "C57P03", "Mthe database system is starting up", ""].join("\0");
    const answer = Buffer.from(`E\0\0\0\0${fields}\0`);
    answer.writeUInt32BE(answer.length - 1, 1);
    await using starting = await listening(
      createServer((socket) => socket.once("data", () => socket.end(answer))),
    );
    expect(await said(starting.url)).toBe(
      "the database server at SERVER is starting, stopping or in recovery (57P03): start again once PostgreSQL accepts connections",
    );
  });

  it("when the server is too old", async () => {
    await using old = await listening(
      createServer((client) => {
        const upstream = connect(server.port, "127.0.0.1");
        client.pipe(upstream);
        // The number is of the same length: no other byte changes.
        upstream.on("data", (chunk) => {
          const text = chunk.toString("latin1").replace(/("versionNumber" : )\d\d/, "$112");
          client.write(Buffer.from(text, "latin1"));
        });
        for (const socket of [client, upstream]) socket.on("error", () => undefined);
        client.once("close", () => upstream.destroy());
        upstream.once("close", () => client.destroy());
      }),
    );
    expect(await said(old.url)).toMatch(
      /^the database cannot be used: it is PostgreSQL \S+, which is too old: upgrade it to PostgreSQL 13 or later, or correct DATABASE_URL$/,
    );
  });

  it("when the certificate of the server is not trusted", () => {
    const error = Object.assign(new Error("self-signed certificate"), {
      code: "DEPTH_ZERO_SELF_SIGNED_CERT",
    });
    expect(
      explainConnection(error, "postgres://sam:hunter2@db.example/carillon?sslmode=verify-full"),
    ).toEqual({
      reason:
        "the certificate of the database server at db.example:5432 is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)",
      remedy:
        "name the file of its authority in sslrootcert of DATABASE_URL, and its host as the certificate does, or set sslmode=require without sslrootcert, which checks neither",
    });
  });

  it("when it is a standby, and the doctor says the same", async () => {
    await server.stop("fast");
    await writeFile(join(data, "standby.signal"), "");
    await server.start();
    expect(await said(server.url)).toBe(
      "the database cannot be used: it is a standby, which is read-only: point DATABASE_URL at the primary, or promote this one",
    );
    const { code, output } = await carillon({ DATABASE_URL: server.url }, "doctor");
    expect(output).toContain(
      "✗ Database: it is a standby, which is read-only\n  Point DATABASE_URL at the primary, or promote this one\n",
    );
    expect(code).toBe(1);
  });
});

/** A server of another kind, as a DATABASE_URL has it. */
async function listening(other: Server): Promise<AsyncDisposable & { readonly url: string }> {
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  return {
    url: `postgres://postgres:hunter2@127.0.0.1:${port}/postgres`,
    async [Symbol.asyncDispose]() {
      other.close();
      await once(other, "close");
    },
  };
}
