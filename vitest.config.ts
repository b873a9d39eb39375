import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { CountReporter } from "./test/services/count-reporter.js";

/**
 * The suite that breaks things under load: beside others on two cores, what it finds out about time would be untrue.
 */
const alone = ["test/faults/**/*.test.ts"];

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
