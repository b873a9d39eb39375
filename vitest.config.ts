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
    // Each file starts servers and processes of its own: side by side on two cores, they would wait for one another.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
