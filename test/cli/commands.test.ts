import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultServer } from "../../src/cli/server-option.js";
import { userIdRule } from "../../src/server/validation/user-id.js";
import { openPostgresDatabase } from "../../src/server/database/postgres-database.js";
import { createLog } from "../../src/server/telemetry/log.js";
import { ask } from "../kit/requests.js";
import { type Instance, startInstance } from "../kit/instance.js";
import { makeDataDirectory } from "../kit/data-directory.js";
import { makeDirectory } from "../kit/scratch-directory.js";
import { epochOf } from "../notifications/epoch.js";
import { createDatabase } from "../services/database.js";
import { carillon, program } from "./carillon.js";

let folder: Awaited<ReturnType<typeof makeDataDirectory>>;
let server: Instance;
/** Of a user at the machine where the server runs. */
let here: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = await makeDataDirectory();
  // No secret: a development secret is made.
  const environment = { DATA_DIR: folder.path, AUTH_JWT_SECRET: "" };
  server = await startInstance(environment, [program, "serve"]);
  here = { ...environment, CARILLON_URL: server.url };
});
afterAll(async () => {
  expect(await server.stop("SIGTERM")).toBe(0);
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const inbox =
  '{ inbox(userId: "alice") { notifications { nodes { id title category body data actionUrl priority expiresAt } } } }';

describe("carillon token", () => {
  it("prints a token and nothing else, which the server of this machine accepts", async () => {
    const { code, output, errors } = await carillon(here, "token", "alice");
    expect({ code, errors }).toEqual({ code: 0, errors: [] });
    expect(output).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(await ask(server.url, output.trim(), inbox)).not.toHaveProperty("errors");
  });

  it("gives the scopes and the time that it is told, and the claims that are checked", async () => {
    const secret = {
      AUTH_JWT_SECRET: "a-secret-of-thirty-two-bytes-here",
      AUTH_JWT_ISSUER: "us",
      AUTH_JWT_AUDIENCE: "them",
    };
    const scopes = ["--scope", "notifications:send", "--scope", "notifications:admin"];
    const { output } = await carillon(secret, "token", "ops", ...scopes, "--expires", "2d");
    const { sub, scope, iat = 0, exp = 0, iss, aud } = decodeJwt(output);
    expect({ sub, scope, iss, aud }).toEqual({
      sub: "ops",
      scope: "notifications:send notifications:admin",
      iss: "us",
      aud: "them",
    });
    expect(exp - iat).toBe(2 * 24 * 60 * 60);
  });

  it.each([" ", "ada\nlovelace", ""])("signs none for what no token may name: %j", async (user) => {
    const { code, output, errors } = await carillon(here, "token", user);
    expect({ code, output }).toEqual({ code: 2, output: "" });
    expect(errors.join(" ")).toContain(`It must have ${userIdRule}.`);
  });

  it("says in one line that tokens come from elsewhere where they do", async () => {
    const { code, output, errors } = await carillon(
      { AUTH_JWKS_URL: "https://issuer.example.com/keys" },
      "token",
    );
    expect({ code, output }).toEqual({ code: 1, output: "" });
    expect(errors).toEqual([
      expect.stringContaining("With AUTH_JWKS_URL only the issuer of those keys can sign tokens"),
    ]);
  });
});

describe("carillon send", () => {
  it("creates a notification with all that it is told, and prints its id", async () => {
    const fields = {
      category: "invoice.new",
      body: "See for yourself",
      data: { amount: 12 },
      actionUrl: "/invoices/7",
      priority: "HIGH",
      expiresAt: "2099-05-04T12:00:00.000Z",
    };
    const sent = await carillon(
      here,
      "send",
      "alice",
      "Your invoice",
      `--category=${fields.category}`,
      `--body=${fields.body}`,
      `--data=${JSON.stringify(fields.data)}`,
      `--url=${fields.actionUrl}`,
      `--priority=${fields.priority}`,
      `--expires-at=${fields.expiresAt}`,
    );
    expect(sent).toMatchObject({ code: 0, errors: [] });
    const { output } = await carillon(here, "token", "alice");
    const { data } = await ask(server.url, output.trim(), inbox);
    const created = { id: sent.output.trim(), title: "Your invoice", ...fields };
    expect(data).toEqual({ inbox: { notifications: { nodes: [created] } } });
  });

  it.each([
    ['{"a":1e400}', "data must not contain the number 1e400"],
    ['{"__proto__":1}', "data must not contain the name __proto__"],
    ["{a:1}", "It must be JSON."],
  ])("refuses data that would not arrive as it is: %s", async (data, problem) => {
    const { code, output, errors } = await carillon(here, "send", "alice", "Hello", `--data=${data}`);
    expect({ code, output }).toEqual({ code: 2, output: "" });
    expect(errors.join(" ")).toContain(problem);
  });

  it("creates one of the same idempotency key once", async () => {
    const again = ["send", "bob", "Once", "--idempotency-key", "order-7"];
    const first = await carillon(here, ...again);
    expect(await carillon(here, ...again)).toEqual(first);
    expect(first.code).toBe(0);
  });

  it("says in one line what the server has against it", async () => {
    const { code, output, errors } = await carillon(
      here,
      "send",
      "alice",
      "Hello",
      "--category",
      "Not A Slug",
    );
    expect({ code, output, errors }).toEqual({
      code: 1,
      output: "",
      errors: ["input.category must be 1 to 64 characters of a-z 0-9 . _ -"],
    });
  });

  it("says in one line that a token is refused, without it, and whose secret it was", async () => {
    const given = await carillon({ ...here, CARILLON_TOKEN: "hunter2" }, "send", "alice", "Hello");
    expect(given).toMatchObject({ code: 1, errors: ["The token is not valid"] });
    await using elsewhere = await makeDirectory();
    const made = await carillon({ ...here, DATA_DIR: elsewhere.path }, "send", "alice", "Hello");
    expect(made.errors).toEqual([
      expect.stringMatching(/^The token is not valid\. It was signed with this machine's secret: /),
    ]);
  });

  it("says in one line that no server answers", async () => {
    const { code, errors } = await carillon(
      { ...here, CARILLON_URL: "http://127.0.0.1:2" },
      "send",
      "alice",
      "Hello",
    );
    expect(errors).toEqual([
      "No answer from http://127.0.0.1:2/graphql: fetch failed: connect ECONNREFUSED 127.0.0.1:2",
    ]);
    expect(code).toBe(1);
  });
});

describe("a command that is not told where the server is", () => {
  it("asks the one that PORT and HOST describe", async () => {
    const { hostname, port } = new URL(server.url);
    const elsewhere = { ...here, CARILLON_URL: "", PORT: port, HOST: hostname };
    const [sent, examined] = await Promise.all([
      carillon(elsewhere, "send", "erin", "Hello"),
      carillon(elsewhere, "doctor"),
    ]);
    expect(sent).toMatchObject({ code: 0, errors: [] });
    expect(examined.output).toContain(`✓ Server: ready at ${server.url}`);
  });

  it.each([
    [{}, "http://127.0.0.1:4000"],
    [{ HOST: "0.0.0.0", PORT: "8080" }, "http://127.0.0.1:8080"],
    [{ HOST: "::" }, "http://[::1]:4000"],
    [{ HOST: "fd00::7", PORT: "0" }, "http://[fd00::7]:4000"],
    [{ HOST: "no host", PORT: "eighty" }, "http://127.0.0.1:4000"],
  ])("with %j: %s", (environment, url) => {
    expect(defaultServer(environment)).toBe(url);
  });
});

describe("carillon doctor", () => {
  it("knows an embedded database, and leaves it to the server that has it open", async () => {
    await using elsewhere = await makeDirectory();
    const [open, closed] = await Promise.all([
      carillon(here, "doctor"),
      carillon({ ...here, DATA_DIR: elsewhere.path }, "doctor"),
    ]);
    expect(open.output).toContain(
      `(PGlite) in ${folder.path}, because DATABASE_URL is unset; in use by a server`,
    );
    expect(open.output).toContain(`✓ Server: ready at ${server.url}`);
    expect(closed.output).toContain("; not in use");
    expect([open.code, closed.code]).toEqual([0, 0]);
  });
});

describe("carillon migrate and new-epoch", () => {
  it("migrate an empty database, and begin a new epoch", async () => {
    await using created = await createDatabase();
    const environment = { DATABASE_URL: created.url };
    expect(await carillon(environment, "migrate")).toMatchObject({ code: 0, output: "migrate: done\n" });
    await using database = await openPostgresDatabase(created.url, 2, createLog("silent"));
    const epochs: string[] = [];
    for (const _ of [1, 2]) {
      expect(await carillon(environment, "new-epoch")).toMatchObject({
        code: 0,
        output: "new-epoch: done\n",
      });
      epochs.push(await epochOf(database));
    }
    expect(epochs[0]).not.toBe(epochs[1]);
  });

  it("say in one line that the database does not answer", async () => {
    const { code, errors } = await carillon(
      { DATABASE_URL: "postgres://carillon:hunter2@127.0.0.1:1/carillon" },
      "migrate",
    );
    expect(code).toBe(1);
    expect(errors).toEqual([expect.stringContaining("ECONNREFUSED")]);
    expect(errors.join()).not.toContain("hunter2");
  });
});

describe("carillon", () => {
  it("helps with every command, and tells its version", async () => {
    const [help, sendHelp, version] = await Promise.all([
      carillon({}, "--help"),
      carillon({}, "send", "--help"),
      carillon({}, "--version"),
    ]);
    expect([help.code, sendHelp.code, version.code]).toEqual([0, 0, 0]);
    const commands = ["serve", "token", "send", "tail", "doctor", "migrate", "new-epoch"];
    for (const command of commands) expect(help.output).toMatch(new RegExp(`^  ${command} `, "m"));
    expect(sendHelp.output).toContain("Examples:");
    expect(version.output).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it("ends with 2 and one clear line when it is called in a wrong way", async () => {
    const wrong: [string[], string][] = [
      [["cook"], "unknown command 'cook'"],
      [["send", "alice"], "missing required argument 'title'"],
      [["send", "alice", "Hello", "--data", "{"], "It must be JSON."],
      [["send", "alice", "Hello", "--server", "localhost"], "It must be a URL"],
      [["send", "alice", "Hello", "--priority", "high"], "It must be LOW, NORMAL, HIGH or URGENT."],
      [
        ["send", "alice", "Hello", "--expires-at", "tomorrow"],
        "It must be a date and time such as 2031-05-04T",
      ],
      [["send", "alice", "Hello", "--expires-at", "2001-05-04T12:00:00Z"], "It must be in the future."],
      [["token", "--scope", "everything"], "It must be notifications:send or notifications:admin."],
      [["token", "--expires", "soon"], "It must be a duration such as 90s"],
    ];
    const ended = await Promise.all(wrong.map(([command]) => carillon({}, ...command)));
    for (const [index, { code, output, errors }] of ended.entries()) {
      expect({ code, output }).toEqual({ code: 2, output: "" });
      expect(errors[0]).toContain(wrong[index]?.[1]);
    }
  });
});
