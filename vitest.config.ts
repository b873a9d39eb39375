import { defaultServerConditions } from "vite";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { CountReporter } from "./test/services/count-reporter.js";
import { SlowestFilesReporter } from "./test/services/slowest-files-reporter.js";

/** The suite that breaks things under load, which the processor time of other tests would delay. */
const faults = ["test/faults/**/*.test.ts"];

function project(name: string, order: number, test: TestProjectInlineConfiguration["test"]) {
  return {
    // graphql ships as ES module and as CommonJS, and refuses to meet itself: what src/ loads is to be what the libraries load.
    resolve: {
      alias: [{ find: /^graphql$/, replacement: "graphql/index.js" }],
      // The packages of src/ as they are written, not as they were built.
      conditions: ["carillon:source", ...defaultServerConditions],
    },
    ssr: { resolve: { conditions: ["carillon:source", ...defaultServerConditions] } },
    test: {
      name,
      pool: "forks",
      setupFiles: "test/services/end-with-runner.ts",
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
    reporters: ["default", new SlowestFilesReporter(), new CountReporter()],
    projects: [
      project("usual", 0, { include: ["test/**/*.test.ts"], exclude: faults, maxWorkers: 2 }),
      project("faults", 1, { include: faults, fileParallelism: false }),
    ],
  },
});
