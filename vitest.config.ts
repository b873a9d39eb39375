import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { CountReporter } from "./test/services/count-reporter.js";

/**
 * Tests that break things, or that start many processes: side by side on two cores they would wait for one another, and
 * what they find out about time would be untrue.
 */
const alone = ["test/faults/**/*.test.ts", "test/instances/**/*.test.ts", "test/broker/**/*.test.ts"];

function project(name: string, order: number, test: TestProjectInlineConfiguration["test"]) {
  return {
    // graphql ships as ES module and as CommonJS, and refuses to meet itself: what src/ loads is to be what the libraries load.
    resolve: { alias: [{ find: /^graphql$/, replacement: "graphql/index.js" }] },
    test: {
      name,
      pool: "forks",
      testTimeout: 120_000,
      hookTimeout: 120_000,
      sequence: { groupOrder: order },
      ...test,
    },
  } satisfies TestProjectInlineConfiguration;
}

export default defineConfig({
  test: {
    globalSetup: "test/services/global-setup.ts",
    reporters: ["default", new CountReporter()],
    projects: [
      project("side by side", 0, { include: ["test/**/*.test.ts"], exclude: alone, maxWorkers: 2 }),
      project("one by one", 1, { include: alone, fileParallelism: false }),
    ],
  },
});
