import type { Reporter, SerializedError, TestModule, TestSuite } from "vitest/node";

/** What a run came to. */
interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * Ends the output of a run with the line "N passed, N failed", and ", N skipped" where there are any. What failed outside
 * a test counts too: a file that does not load, a hook, an error that nobody caught. It is written as the process
 * exits, after everything else, so a run that breaks off has its line as well.
 */
export class CountReporter implements Reporter {
  #count: Count | undefined;

  onInit(): void {
    process.once("exit", (code) => {
      const { passed, failed, skipped } = this.#count ?? { passed: 0, failed: 0, skipped: 0 };
      const broken = failed === 0 && code !== 0 ? 1 : failed;
      const more = skipped > 0 ? `, ${skipped} skipped` : "";
      process.stdout.write(`${passed} passed, ${broken} failed${more}\n`);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const count: Count = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) addModule(count, module);
    this.#count = count;
  }
}

function addModule(count: Count, module: TestModule): void {
  const groups: (TestModule | TestSuite)[] = [module, ...module.children.allSuites()];
  count.failed += groups.filter((group) => group.errors().length > 0).length;
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    // A test that never came to its end has not passed.
    count[state === "pending" ? "failed" : state] += 1;
  }
}
