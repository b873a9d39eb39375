import { defineConfig } from "vitest/config";
import { CountReporter } from "./test/services/count-reporter.js";

export default defineConfig({
  // graphql ships as ES module and as CommonJS, and refuses to meet itself: what src/ loads is to be what the libraries load.
  resolve: { alias: [{ find: /^graphql$/, replacement: "graphql/index.js" }] },
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/services/global-setup.ts",
    reporters: ["default", new CountReporter()],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
