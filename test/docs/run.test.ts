/** What the documentation shows is run as it stands there, against a real server. */
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sendScope } from "../../src/server/auth/viewer.js";
import { MarkAllNotificationsReadDocument } from "../../src/client/generated.js";
import { startCommand, startProgram } from "../cli/carillon.js";
import { jwtSecret, token } from "../kit/app.js";
import { inboxOf, notify } from "../kit/backend.js";
import { type Instance, startInstance } from "../kit/instance.js";
import { request } from "../kit/requests.js";
import { type Ended, runProgram, runToExit } from "../kit/run-to-exit.js";
import { makeDataDirectory } from "../kit/data-directory.js";
import { type Block, blocksOf, blockToRun, root } from "./blocks.js";
import { type Consumer, fileOf, makeConsumer } from "./consumer.js";

let folder: Awaited<ReturnType<typeof makeDataDirectory>>;
let server: Instance;

beforeAll(async () => {
  folder = await makeDataDirectory();
  // A development secret that the kit knows.
  await writeFile(`${folder.path}/development-secret`, jwtSecret);
  server = await startInstance({ DATA_DIR: folder.path, AUTH_JWT_SECRET: "" });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

describe("docs/command-line.md", () => {
  const page = "docs/command-line.md";

  it("shows what its commands print", async () => {
    // One after the other: several npx that link the package into npm's cache for the first time get in each other's way.
    for (const name of ["token", "send", "send-wrong", "doctor"]) {
      const { output, errors } = await runShell(blockToRun(page, name));
      // npm itself may have something to say.
      const lines = [...output.split("\n"), ...errors.filter((line) => !line.startsWith("npm "))];
      expect(inGeneral(lines.filter((line) => line !== ""))).toEqual(inGeneral(shownAfter(page, name)));
    }
  });

  it("shows what tail prints", async () => {
    const command = blockToRun(page, "tail").text.trim().split(" ").slice(3);
    await using tail = startCommand(environment(), ...command);
    await tail.saw(/^live/);
    await notify(server.url, "alice", "Your invoice", { category: "invoice.new", priority: "HIGH" });
    await request(server.url, await token("alice"), MarkAllNotificationsReadDocument, { userId: "alice" });
    await tail.saw(/all read/);
    expect(inGeneral([...tail.errors, ...tail.lines])).toEqual(inGeneral(shownAfter(page, "tail")));
  });
});

describe("docs/api.md", () => {
  const page = "docs/api.md";

  it("shows a first session", async () => {
    const { code, output } = await runShell(blockToRun(page, "first-session"));
    expect(code).toBe(0);
    const [created = "", read = ""] = output.split("\n");
    expect(JSON.parse(created)).toMatchObject({ data: { createNotification: { notification: {} } } });
    expect(JSON.parse(read)).toMatchObject({ data: { inbox: { cursor: expect.any(String) as unknown } } });
    expect(read).toContain('"title":"It is on its way","readAt":null');
  });

  it("shows a subscriber that prints one line for each event, and one when its token is refused", async () => {
    await using consumer = await makeConsumer();
    const text = blockToRun(page, "watch").text.replace("127.0.0.1:4000", new URL(server.url).host);
    const program = await consumer.write("watch.mjs", text);

    await using watch = startProgram(environment(), program, await token("alice"));
    await watch.saw(/"InboxReady"/);
    await notify(server.url, "alice", "Your invoice");
    await watch.saw(/"NotificationCreated".*"Your invoice"/);
    for (const line of watch.lines) expect(JSON.parse(line)).toHaveProperty("cursor");

    const refused = await runToExit({}, [program, "no token"]);
    expect(refused).toMatchObject({ code: 1, output: "" });
    expect(refused.errors).toEqual([expect.stringMatching(/^4401 \S/)]);
  });
});

describe("docs/node-backend.md", () => {
  const page = "docs/node-backend.md";
  let consumer: Consumer;

  beforeAll(async () => {
    consumer = await makeConsumer();
    for (const block of blocksOf(page).filter(({ language }) => language === "js")) {
      await consumer.write(fileOf(block).name, block.text);
    }
  });
  afterAll(async () => consumer[Symbol.asyncDispose]());

  async function run(name: string, url: string): Promise<Ended> {
    const program = `${consumer.folder}/${fileOf(blockToRun(page, name)).name}`;
    return await runToExit({ CARILLON_URL: url, CARILLON_TOKEN: await token("shop", sendScope) }, [program]);
  }

  it("sends a notification once, though an answer is lost and the service is away for a while", async () => {
    await using line = await openBadLine(server.url);
    const { code, output, errors } = await run("node-backend", line.url);
    expect({ code, errors }).toEqual({ code: 0, errors: [] });
    expect(line.troubles).toEqual(["an answer was lost", "SERVICE_UNAVAILABLE"]);
    const { notifications } = await inboxOf(server.url, "alice");
    const shipped = notifications.nodes.filter(
      ({ title, data }) => title === "It is on its way" && data !== null,
    );
    expect(shipped.map(({ id }) => id)).toEqual([output.trim()]);
  });

  it("sends to many", async () => {
    const { code, output } = await run("node-backend-bulk", server.url);
    expect({ code, output }).toEqual({ code: 0, output: "500 of 1200\n1000 of 1200\n1200 of 1200\n" });
    expect(await inboxOf(server.url, "user-1200")).toMatchObject({ totalCount: 1 });
  });
});

function environment(): NodeJS.ProcessEnv {
  return { HOME: process.env["HOME"], DATA_DIR: folder.path, CARILLON_URL: server.url };
}

/** Runs a block of shell in the project's folder. */
function runShell({ text }: Block): Promise<Ended> {
  return runProgram("bash", ["-ec", text.replaceAll("http://127.0.0.1:4000", server.url)], {
    cwd: root,
    env: { PATH: process.env["PATH"], ...environment() },
  });
}

/** The lines that a page shows below the block that is run. */
function shownAfter(page: string, name: string): string[] {
  const blocks = blocksOf(page);
  const next = blocks[blocks.findIndex(({ info }) => info["run"] === name) + 1];
  if (next?.language !== "text") throw new Error(`${page} shows no output of ${name}`);
  return next.text.trimEnd().split("\n");
}

/** Without what is different each time and on each machine. */
function inGeneral(lines: readonly string[]): string[] {
  return lines.map((line) =>
    line
      .replaceAll(/\beyJ[\w.-]+/g, "eyJ…")
      .replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "an id")
      .replaceAll(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, "an instant")
      .replaceAll(/Node\.js \d+\.\d+\.\d+/g, "Node.js")
      .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1")
      .replaceAll(folder.path, ".data"),
  );
}

interface BadLine extends AsyncDisposable {
  readonly url: string;
  readonly troubles: readonly string[];
}

/** Something between a client and the server that loses the first answer, refuses the second request, and then works. */
async function openBadLine(url: string): Promise<BadLine> {
  const troubles: string[] = [];
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    response.setHeader("content-type", "application/json");
    if (troubles.length === 1) {
      troubles.push("SERVICE_UNAVAILABLE");
      const error = { message: "Try again", extensions: { code: "SERVICE_UNAVAILABLE" } };
      response.end(JSON.stringify({ errors: [error] }));
      return;
    }
    const { authorization = "" } = request.headers;
    const headers = { authorization, "content-type": "application/json" };
    const answered = await fetch(`${url}${request.url}`, { method: "POST", headers, body });
    const json = await answered.text();
    if (troubles.length > 0) response.end(json);
    else {
      troubles.push("an answer was lost");
      request.socket.destroy();
    }
  }

  const line = createServer((request, response) => void answer(request, response));
  line.listen(0, "127.0.0.1");
  await once(line, "listening");
  const { port } = line.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    troubles,
    async [Symbol.asyncDispose]() {
      line.closeAllConnections();
      line.close();
      await once(line, "close");
    },
  };
}
