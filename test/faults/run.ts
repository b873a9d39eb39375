/** `npm run test:faults -- [--minutes N] [--seed N] [file …]`: the fault suite alone; each fault again and again for N minutes. */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: "string" }, seed: { type: "string" } },
});
for (const [name, value] of Object.entries(values)) {
  if (!/^\d{1,10}(\.\d+)?$/.test(value)) {
    process.stderr.write(`--${name} must be a number, not ${value}\n`);
    process.exit(1);
  }
}
const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
const files = positionals.length > 0 ? positionals : ["test/faults/"];
const { status } = spawnSync(process.execPath, [vitest, "run", ...files], {
  stdio: "inherit",
  env: {
    ...process.env,
    ...(values.minutes !== undefined && { FAULTS_MINUTES: values.minutes }),
    ...(values.seed !== undefined && { FAULTS_SEED: values.seed }),
  },
});
process.exit(status ?? 1);
