import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { explainListenError } from "../../src/server/http/listen-address.js";
import { jwtSecret } from "../kit/app.js";
import { failingStart } from "../kit/failing-start.js";
import { startInstance } from "../kit/instance.js";
import { runToExit } from "../kit/run-to-exit.js";
import { makeDirectory } from "../kit/scratch-directory.js";
import { createDatabase } from "../services/database.js";
import { freePort } from "../services/free-port.js";
import { waitUntil } from "../services/wait-until.js";

describe("an instance that cannot listen says which variable to set", () => {
  it("when the port is taken, in one line and without a stack", { timeout: 60_000 }, async () => {
    await using folder = await makeDirectory();
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const environment = { DATA_DIR: folder.path, AUTH_JWT_SECRET: jwtSecret, PORT: String(port) };
    const { code, errors, output } = await runToExit(environment);
    server.close();
    const reason = `PORT ${port} is already in use on HOST 127.0.0.1: stop the other process, or set PORT to a free port (EADDRINUSE)`;
    expect(errors).toEqual([`Carillon cannot start: ${reason}`]);
    expect(code).toBe(1);
    const lines = output.split("\n").filter((line) => line !== "");
    const last: unknown = JSON.parse(lines.at(-1) ?? "");
    expect(last).toMatchObject({ level: "fatal", msg: "Carillon cannot start", reason });
    expect(output).not.toContain("    at ");
  });

  it("when the address is not this machine's, or nobody knows it", async () => {
    expect(await failingStart({ HOST: "203.0.113.7" })).toBe(
      "HOST 203.0.113.7 is not an address of this machine: set HOST to one of its addresses, or to 127.0.0.1 (EADDRNOTAVAIL)",
    );
    expect(await failingStart({ HOST: "nowhere.invalid" })).toMatch(
      /^HOST nowhere\.invalid (is unknown|cannot be looked up): set HOST to an address of this machine/,
    );
  });

  it("when the port is not for this user", () => {
    const error = Object.assign(new Error("listen EACCES: permission denied"), { code: "EACCES" });
    const explained = explainListenError(error, { host: "127.0.0.1", port: 80 });
    expect(explained).toMatchObject({
      name: "StartupError",
      message: "PORT 80 is not permitted for this user: set PORT to 1024 or higher (EACCES)",
    });
  });
});

describe("an instance whose data directory cannot be used names DATA_DIR", () => {
  const remedy = "set DATA_DIR to a folder that this user may write to";

  it("when it is a file, or below one", async () => {
    await using folder = await makeDirectory();
    const file = join(folder.path, "file");
    await writeFile(file, "");
    expect(await failingStart({ DATA_DIR: file })).toBe(
      `DATA_DIR ${file} is a file and not a folder (EEXIST): ${remedy}`,
    );
    const below = join(file, "data");
    const secret = { AUTH_JWT_SECRET: "", DATABASE_URL: "" };
    expect(await failingStart({ ...secret, DATA_DIR: below })).toBe(
      `DATA_DIR ${below} is a file, or below one (ENOTDIR): ${remedy}`,
    );
  });

  it("when this user may not write to it", async () => {
    await using folder = await makeDirectory();
    const directory = join(folder.path, "readonly");
    await mkdir(directory, { mode: 0o555 });
    expect(await withoutPrivileges(() => failingStart({ DATA_DIR: directory }))).toBe(
      `DATA_DIR ${directory} cannot be written to (EACCES): ${remedy}`,
    );
  });

  it("when its database is of another version, or damaged", { timeout: 60_000 }, async () => {
    await using folder = await makeDirectory();
    const files = join(folder.path, "pglite");
    await mkdir(files);
    await writeFile(join(files, "PG_VERSION"), "12\n");
    expect(await failingStart({ DATA_DIR: folder.path })).toMatch(
      /^DATA_DIR \S+ holds a database of PostgreSQL 12 that cannot be opened: .* set DATA_DIR to another folder$/,
    );
  });
});

it(
  "an instance whose signing keys are out of reach starts, and warns of it",
  { timeout: 60_000 },
  async () => {
    await using database = await createDatabase();
    const url = `http://127.0.0.1:${await freePort()}/keys`;
    const environment = { DATABASE_URL: database.url, AUTH_JWT_SECRET: "", AUTH_JWKS_URL: url };
    await using instance = await startInstance(environment);
    const warning =
      "AUTH_JWKS_URL cannot be read, and all tokens are rejected until it can: see whether the issuer answers there, or correct AUTH_JWKS_URL";
    await waitUntil("The warning", () => instance.output().includes(warning));
    const line =
      instance
        .output()
        .split("\n")
        .find((text) => text.includes(warning)) ?? "";
    expect(JSON.parse(line)).toMatchObject({ level: "warn", url, reason: "fetch failed: ECONNREFUSED" });
  },
);

/** Root may write everywhere, so it becomes nobody for a while. */
async function withoutPrivileges<T>(work: () => Promise<T>): Promise<T> {
  const { getuid, seteuid } = process;
  if (getuid?.() !== 0 || seteuid === undefined) return await work();
  seteuid("nobody");
  try {
    return await work();
  } finally {
    seteuid(0);
  }
}
