/**
 * `npm run test:faults -- [--minutes N] [--rate N] [--seed N] [file …]`: the fault suite alone; each fault again and again for
 * N minutes, under a load of N mutations a second.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { guarded } from "../services/process-guard.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: "string" }, rate: { type: "string" }, seed: { type: "string" } },
});
for (const [name, value] of Object.entries(values)) {
  if (!/^\d{1,10}(\.\d+)?$/.test(value)) {
    process.stderr.write(`--${name} must be a number, not ${value}\n`);
    process.exit(1);
  }
}
const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
const files = positionals.length > 0 ? positionals : ["test/faults/"];
const runner = guarded(
  spawn(process.execPath, [vitest, "run", ...files], {
    stdio: "inherit",
    env: {
      ...process.env,
      ...(values.minutes !== undefined && { FAULTS_MINUTES: values.minutes }),
      ...(values.rate !== undefined && { FAULTS_RATE: values.rate }),
      ...(values.seed !== undefined && { FAULTS_SEED: values.seed }),
    },
  }),
);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => runner.kill(signal));
await once(runner, "exit");
process.exit(runner.exitCode ?? 1);
