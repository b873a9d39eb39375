import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeCursor } from "../../src/server/notifications/cursor.js";
import { jwtSecret, token } from "../kit/app.js";
import { notify } from "../kit/backend.js";
import { type Instance, startInstance } from "../kit/instance.js";
import { makeDataDirectory } from "../kit/data-directory.js";
import { freePort } from "../services/free-port.js";
import { guarded } from "../services/process-guard.js";
import { carillon, program, startCommand } from "./carillon.js";

let folder: Awaited<ReturnType<typeof makeDataDirectory>>;
let server: Instance;
let here: NodeJS.ProcessEnv;
/** Starts the server again, at the same address. */
let start: () => Promise<void>;

beforeAll(async () => {
  folder = await makeDataDirectory();
  const environment = { DATA_DIR: folder.path, PORT: String(await freePort()) };
  start = async () => {
    server = await startInstance(environment);
  };
  await start();
  here = { AUTH_JWT_SECRET: jwtSecret, CARILLON_URL: server.url };
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

describe("carillon tail", () => {
  it("shows each event once, over a restart of the server too, and ends with 0 on Ctrl-C", async () => {
    await using tail = startCommand(here, "tail", "alice");
    await using json = startCommand(here, "tail", "alice", "--json");
    await Promise.all([tail.saw(/^live at /), json.saw(/^live at /)]);
    await notify(server.url, "alice", "before");
    await Promise.all([tail.saw(/before/), json.saw(/before/)]);

    await server.stop("SIGTERM");
    await tail.saw(/^offline: .*; retrying in/);
    await start();
    await notify(server.url, "alice", "after \u001b[31m");
    await Promise.all([tail.saw(/after/), json.saw(/after/)]);

    expect(tail.lines).toEqual([
      expect.stringMatching(/^20\S+Z     #1  created   before test  \(1 unread\)$/),
      expect.stringMatching(/^20\S+Z     #2  created   after \\u001b\[31m test  \(2 unread\)$/),
    ]);
    expect(json.lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { __typename: "NotificationCreated", sequence: 1, notification: { title: "before" } },
      { __typename: "NotificationCreated", sequence: 2, notification: { title: "after \u001b[31m" } },
    ]);
    expect(await Promise.all([tail.stop("SIGINT"), json.stop("SIGTERM")])).toEqual([0, 0]);
  });

  it("continues where it was stopped by its cursor file, or after the cursor of --after", async () => {
    const command = ["tail", "bob", "--json", "--cursor-file", `${folder.path}/bob.cursor`];
    await using first = startCommand(here, ...command);
    await first.saw(/^live at /);
    await notify(server.url, "bob", "one");
    await first.saw(/"one"/);
    expect(await first.stop("SIGINT")).toBe(0);

    await notify(server.url, "bob", "two");
    const { cursor } = JSON.parse(first.lines[0] ?? "") as { cursor: string };
    await using second = startCommand(here, ...command);
    await using third = startCommand(here, "tail", "bob", "--after", cursor);
    await Promise.all([second.saw(/"two"/), third.saw(/two/), second.saw(/^live/), third.saw(/^live/)]);
    expect([second.lines.length, third.lines.length]).toEqual([1, 1]);
  });

  it("ends with 1 and one clear line where the server will never let it in", async () => {
    const refused = carillon({ ...here, CARILLON_TOKEN: "hunter2" }, "tail", "alice");
    const forbidden = carillon({ ...here, CARILLON_TOKEN: await token("bob") }, "tail", "alice");
    const largeCursor = `${folder.path}/large.cursor`;
    await writeFile(largeCursor, "x".repeat(64 * 1024));
    const tooLarge = carillon(here, "tail", "alice", "--cursor-file", largeCursor);
    const [{ code, errors }, other, large] = await Promise.all([refused, forbidden, tooLarge]);
    expect(code).toBe(1);
    expect(errors.at(-1)).toBe("The connection was closed (4401: The token is not valid)");
    expect(errors.join("\n")).not.toContain("hunter2");
    expect(other).toMatchObject({
      code: 1,
      errors: ["This is another user's inbox: the scope notifications:admin is required"],
    });
    expect(large.code).toBe(1);
    expect(large.errors).toEqual([
      expect.stringMatching(/^The message has 66\d{3} bytes; the server accepts at most 65536/),
    ]);
  });

  it("says in one line that the value of --after is not a cursor", async () => {
    for (const after of ["nonsense", "", encodeCursor("bob", { epoch: randomUUID(), sequence: 1 })]) {
      const { code, output, errors } = await carillon(here, "tail", "alice", `--after=${after}`);
      expect({ code, output }).toEqual({ code: 2, output: "" });
      expect(errors[0]).toMatch(/^error: the value of --after is not a cursor of this user\. It must be /);
    }
  });

  it("ends with 1 when its cursor file cannot be written", async () => {
    const { code, errors } = await carillon(here, "tail", "carol", "--cursor-file", "/nowhere/carol.cursor");
    expect(code).toBe(1);
    expect(errors.at(-1)).toMatch(/^The cursor file cannot be written: ENOENT/);
  });

  it("ends quietly when nobody reads on", async () => {
    const pipe = `"$0" "$1" tail dave --json | head -1; echo "\${PIPESTATUS[0]}"`;
    const child = guarded(
      spawn("bash", ["-c", pipe, process.execPath, program], {
        env: { PATH: process.env["PATH"], ...here },
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      }),
    );
    const [output, errors] = [text(child.stdout), text(child.stderr)];
    await once(child.stderr, "data");
    await notify(server.url, "dave", "read");
    await once(child.stdout, "data");
    await notify(server.url, "dave", "not read");
    const [line = "", code] = (await output).split("\n");
    expect(line).toContain(`"read"`);
    expect(code).toBe("0");
    expect(await errors).toMatch(/^live at \S+\n$/);
  });
});
