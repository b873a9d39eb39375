import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, it, vi } from "vitest";
import { jwtSecret } from "../kit/app.js";
import { makeDirectory } from "../kit/scratch-directory.js";
import { createDatabase } from "../services/database.js";
import { guarded } from "../services/process-guard.js";
import { processTree, running } from "../services/process-tree.js";
import { waitUntil } from "../services/wait-until.js";

vi.setConfig({ testTimeout: 60_000 });

const root = fileURLToPath(new URL("../..", import.meta.url));

it.each([
  [
    "Ctrl-C, which the terminal sends to npm and to the service, and npm to the service once more",
    "SIGINT",
    -1,
  ],
  ["SIGTERM to npm alone, as a supervisor sends it", "SIGTERM", 1],
] as const)("npm start stops in order on %s", async (_what, signal, group) => {
  await using folder = await makeDirectory();
  await using database = await createDatabase();
  const env = {
    PATH: process.env["PATH"],
    HOME: folder.path,
    DATA_DIR: folder.path,
    DATABASE_URL: database.url,
    AUTH_JWT_SECRET: jwtSecret,
    PORT: "0",
  };
  // Built it is already.
  const npm = guarded(
    spawn("npm", ["start", "--ignore-scripts"], {
      cwd: root,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    }),
  );
  let output = "";
  for (const stream of [npm.stdout, npm.stderr])
    stream.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
  const saw = (text: string): Promise<void> =>
    waitUntil(`"${text}"`, () => output.includes(text), { timeout: 30_000, detail: () => output });
  await saw("Carillon is ready at");

  const pid = npm.pid ?? 0;
  const processes = await processTree(pid);
  expect(processes.length).toBeGreaterThan(1);
  const ended = once(npm, "exit");
  process.kill(group * pid, signal);
  await saw("shutdown complete");
  await ended;
  await waitUntil("Ending all", async () => (await running(processes)).length === 0);
  expect(output).not.toContain("shutdown failed");
});
