import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, inject, it, vi } from "vitest";
import { makeDirectory } from "../../kit/scratch-directory.js";
import { guarded } from "../process-guard.js";
import { processesWith, processTree, running } from "../process-tree.js";
import { waitUntil } from "../wait-until.js";

// A run of its own in each, which starts two instances and more.
vi.setConfig({ testTimeout: 240_000 });

const root = fileURLToPath(new URL("../../..", import.meta.url));
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const config = fileURLToPath(new URL("vitest.config.ts", import.meta.url));

it.concurrent.each([
  ["Ctrl-C, which every process of the terminal gets", (runner: number) => process.kill(-runner, "SIGINT")],
  ["SIGINT", (runner: number) => process.kill(runner, "SIGINT")],
  ["SIGTERM", (runner: number) => process.kill(runner, "SIGTERM")],
  ["SIGKILL", (runner: number) => process.kill(runner, "SIGKILL")],
  ["the end of its worker by SIGKILL", (_runner: number, worker: number) => process.kill(worker, "SIGKILL")],
])("nothing that a test started outlives a run that is ended by %s", async (_what, end) => {
  const services = { DATABASE_URL: inject("postgresUrl"), RABBITMQ_URL: inject("rabbitmqUrl") };
  await expectNothingLeft({ ...services, HOLD_ALL: "no" }, end);
});

it("nor do browsers, the servers of a test, and those that test files share", async () => {
  const services = { DATABASE_URL: "", RABBITMQ_URL: "", HOLD_ALL: "yes" };
  const started = await expectNothingLeft(services, (runner) => process.kill(runner, "SIGKILL"));
  expect(started).toBeGreaterThan(30);
});

/** @returns how many processes there were */
async function expectNothingLeft(
  services: Record<string, string>,
  end: (runner: number, worker: number) => void,
): Promise<number> {
  await using folder = await makeDirectory();
  const file = join(folder.path, "holding");
  const mark = `CARILLON_TEST_RUN=${randomUUID()}`;
  const [name = "", value] = mark.split("=");
  const env = {
    ...process.env,
    ...services,
    HOLD_FILE: file,
    [name]: value,
    VITEST: undefined,
    NODE_ENV: undefined,
  };
  const runner = guarded(
    spawn(process.execPath, [vitest, "run", "--root", root, "--config", config], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    }),
  );
  const output = outputOf(runner);
  const hasEnded = (): boolean => runner.exitCode !== null || runner.signalCode !== null;
  await waitUntil("Starting all", () => existsSync(file) || hasEnded(), { timeout: 180_000, detail: output });
  if (hasEnded()) throw new Error(`the run ended by itself:\n${output()}`);
  const worker = Number(readFileSync(file, "utf8"));

  const pid = runner.pid ?? 0;
  const started = [...new Set([...(await processTree(pid)), ...processesWith(mark)])];
  // The runner, its worker, two instances, a command, and a guard.
  expect(started.length).toBeGreaterThan(5);
  expect(started).toContain(worker);
  end(pid, worker);
  if (!hasEnded()) await once(runner, "exit");
  const left = async (): Promise<number[]> => [...(await running(started)), ...processesWith(mark)];
  await waitUntil("Ending all", async () => (await left()).length === 0, { timeout: 30_000 });
  return started.length;
}

/** What it has written so far. */
function outputOf({ stdout, stderr }: ChildProcess): () => string {
  let text = "";
  for (const stream of [stdout, stderr])
    stream?.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
  return () => text.slice(-4000);
}
