import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import config from "../../../vitest.config.js";

/** The settings of the real run, for the fixture alone. */
const [first] = (config.test?.projects ?? []) as TestProjectInlineConfiguration[];

export default defineConfig({
  test: {
    ...config.test,
    projects: [
      { ...first, test: { ...first?.test, include: ["test/services/runner/*.fixture.ts"], exclude: [] } },
    ],
  },
});
