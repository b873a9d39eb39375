import { defaultServerConditions } from "vite";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { CountReporter } from "./test/services/count-reporter.js";
import { FaultSuiteSequencer } from "./test/services/fault-suite-sequencer.js";
import { SlowestFilesReporter } from "./test/services/slowest-files-reporter.js";

const faults = ["test/faults/**/*.test.ts"];

/** Loaded before each test file. */
const setupFiles = ["test/services/end-with-runner.ts"];

function project(name: string, test: TestProjectInlineConfiguration["test"]) {
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
      testTimeout: 120_000,
      hookTimeout: 120_000,
      // Two for the processors of a small machine, and one for the fault suite, which waits most of the time.
      maxWorkers: 3,
      ...test,
    },
  } satisfies TestProjectInlineConfiguration;
}

export default defineConfig({
  test: {
    globalSetup: "test/services/global-setup.ts",
    reporters: ["default", new SlowestFilesReporter(), new CountReporter()],
    sequence: { sequencer: FaultSuiteSequencer },
    projects: [
      project("usual", { include: ["test/**/*.test.ts"], exclude: faults, setupFiles }),
      project("faults", {
        include: faults,
        setupFiles: [...setupFiles, "test/services/one-fault-at-a-time.ts"],
      }),
    ],
  },
});
