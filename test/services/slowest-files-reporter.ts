import type { Reporter, TestModule } from "vitest/node";

const shown = 10;

/** Names the test files that took longest, for whoever wants the suite to take less time. */
export class SlowestFilesReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    if (modules.length <= shown) return;
    const slowest = modules
      .map((module) => ({ file: module.relativeModuleId, seconds: secondsOf(module) }))
      .toSorted((a, b) => b.seconds - a.seconds)
      .slice(0, shown);
    const lines = slowest.map(({ file, seconds }) => `${seconds.toFixed(0).padStart(6)} s  ${file}`);
    process.stdout.write(`\nThe ${shown} slowest of ${modules.length} files:\n${lines.join("\n")}\n`);
  }
}

/** With loading the file, and its hooks; without its turn in the fault suite, for which it waited. */
function secondsOf(module: TestModule): number {
  const { collectDuration, duration } = module.diagnostic();
  return (collectDuration + duration) / 1000;
}
