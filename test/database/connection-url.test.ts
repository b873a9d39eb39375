import { once } from "node:events";
import { createServer } from "node:net";
import postgres from "postgres";
import { describe, expect, inject, test } from "vitest";
import { ConnectionUrlError, parseConnectionUrl } from "../../src/server/config/connection-url.js";
import { carillon } from "../cli/carillon.js";
import { createDatabase } from "../services/database.js";
import { askBy, outcomeOf } from "./connecting.js";

/** The URL of the shared server, or of another database, with these parameters. */
function urlOf(parameters: string, url = inject("postgresUrl")): string {
  return `${url}?${parameters}`;
}

describe("other parameters", () => {
  test("reach the session, as libpq would send them", async () => {
    const parameters =
      "application_name=my%20app&options=-c%20search_path%3Dpublic%20-c%20work_mem%3D8MB&client_encoding=UTF8";
    const show = `select current_setting('application_name') as application, current_setting('search_path') as path,
      current_setting('work_mem') as memory, current_setting('jit') as jit`;
    const session = { application: "my app", path: "public", memory: "8MB", jit: "off" };
    expect(await askBy(urlOf(parameters), show)).toEqual(session);
    expect(await askBy(urlOf(""), show)).toMatchObject({ application: "carillon" });
  });

  test.each([
    "channel_binding=prefer",
    "channel_binding=disable&gssencmode=prefer",
    "schema=public",
    "pgbouncer=true&connection_limit=1&pool_timeout=10",
    "sslmode=prefer&supa=base-pooler.x",
    "prepare=false&statement_cache_size=0",
    "sslsni=0&sslmode=allow",
    "hostaddr=127.0.0.1&host=nowhere.invalid",
    "user=postgres&dbname=postgres",
    "target_session_attrs=any",
    "target_session_attrs=read-write",
    "target_session_attrs=primary",
    "connect_timeout=10",
  ])("%s is understood", async (parameters) => {
    expect(await outcomeOf(urlOf(parameters))).toMatch(/^(encrypted|plain)$/);
  });

  test("target_session_attrs keeps away from a server that does not write", async () => {
    await using database = await createDatabase();
    const sql = postgres(database.url, { max: 1 });
    const name = new URL(database.url).pathname.slice(1);
    await sql.unsafe(`alter database ${name} set default_transaction_read_only = on`);
    await sql.end();
    const outcomes = ["read-write", "primary", "any"].map((attributes) =>
      outcomeOf(urlOf(`target_session_attrs=${attributes}`, database.url)),
    );
    const plainly: unknown = expect.stringMatching(/^(encrypted|plain)$/);
    expect(await Promise.all(outcomes)).toEqual([
      expect.stringMatching(/^the database is read-only: /),
      plainly,
      plainly,
    ]);
  });

  test("connect_timeout bounds the wait for a server that says nothing", async () => {
    const silent = createServer();
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    const address = silent.address();
    const port = typeof address === "object" ? address?.port : 0;
    const begin = performance.now();
    await outcomeOf(`postgres://postgres@127.0.0.1:${port}/postgres?connect_timeout=1`);
    // Without it, it would be 5 s.
    expect(performance.now() - begin).toBeLessThan(4_000);
    silent.close();
  });
});

describe("a URL that cannot be used", () => {
  test.each<[string, string | RegExp]>([
    [
      "/x?channel_binding=require",
      "parameter channel_binding must be disable or prefer: PostgreSQL's driver for Node.js has none; " +
        "sslmode=verify-full makes sure of the server",
    ],
    [
      "/x?sslmode=on",
      "parameter sslmode must be disable or allow or prefer or require or verify-ca or verify-full",
    ],
    ["/x?schema=other", "parameter schema must be public, in which the tables are"],
    [
      "/x?target_session_attrs=standby",
      "parameter target_session_attrs must be any or read-write or primary, since the service writes",
    ],
    ["/x?connect_timeout=soon", "parameter connect_timeout must be a whole number from 1 to 600"],
    [
      "/x?sslrootcert=/nowhere/ca.crt",
      "parameter sslrootcert must be a file that can be read, not /nowhere/ca.crt",
    ],
    [
      "/x?sslmode=require&sslrootcert=system",
      "parameter sslrootcert=system goes with sslmode=verify-full alone",
    ],
    [
      "/x?sslnegotiation=direct",
      "parameter sslnegotiation=direct goes with sslmode=require, verify-ca or verify-full alone",
    ],
    ["/x?sslmod=require", /^parameter sslmod is not known; known are .*sslmode, /],
    ["/x?search_path=other", /^parameter search_path is not known; known are .*options, /],
    [",other:5432/x", /^must name one host/],
    ["/x?host=a,b", /^must name one host/],
    [":port/x", /^must be a URL such as /],
    ["/x#fragment", /^must be a URL such as .* write %40 for @/],
    ["/100%/x", /^must be a URL such as .* write %40 for @/],
  ])("is refused in one line that names what is wrong: %s", (rest, problem) => {
    const refuse = () => parseConnectionUrl(`postgres://carillon:hunter2@127.0.0.1${rest}`);
    expect(refuse).toThrow(ConnectionUrlError);
    const [line = ""] = errorsOf(refuse);
    expect(line.replace(/^DATABASE_URL /, "")).toMatch(
      typeof problem === "string" ? new RegExp(`^${escaped(problem)}$`) : problem,
    );
    expect(line).not.toMatch(/hunter2|\n/);
  });

  test("stops the start, and is a finding of the doctor's", async () => {
    const environment = { DATABASE_URL: "postgres://carillon:hunter2@127.0.0.1:1/x?channel_binding=require" };
    const problem = "DATABASE_URL parameter channel_binding must be disable or prefer";
    const started = await carillon(environment, "serve");
    expect(started.errors).toEqual([expect.stringMatching(`^${problem}`)]);
    expect(started.code).toBe(1);
    const { output } = await carillon(environment, "doctor");
    expect(output).toMatch(new RegExp(`✗ Configuration: ${problem}.*\n  Correct the variable\n`));
    expect(output).not.toContain("hunter2");
  });
});

/** The message of what it throws. */
function errorsOf(work: () => unknown): string[] {
  try {
    work();
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
