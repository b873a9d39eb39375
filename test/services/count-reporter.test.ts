import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runProgram } from "../kit/run-to-exit.js";

const reporter = fileURLToPath(new URL("count-reporter.ts", import.meta.url));
const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));

const config = `
  import { CountReporter } from ${JSON.stringify(reporter)};
  export default { test: { globals: true, include: ["*.fixture.ts"], reporters: ["default", new CountReporter()] } };
`;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "carillon-count-"));
  writeFileSync(join(folder, "vitest.config.ts"), config);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs one test file, and answers the exit code and the last line. */
async function runFixture(source: string): Promise<{ code: number | null; line: string | undefined }> {
  writeFileSync(join(folder, "a.fixture.ts"), source);
  const env = { ...process.env, VITEST: undefined, NODE_ENV: undefined };
  const { code, output } = await runProgram(process.execPath, [vitest, "run", "--root", folder], { env });
  return { code, line: output.trimEnd().split("\n").at(-1) };
}

const pass = `test("passes", () => {});`;

test.each([
  ["what passes", pass, 0, "1 passed, 0 failed"],
  ["what is skipped", `${pass} test.skip("later", () => {});`, 0, "1 passed, 0 failed, 1 skipped"],
  ["a test that fails", `${pass} test("fails", () => { throw new Error("no"); });`, 1, "1 passed, 1 failed"],
  ["a file that does not load", `throw new Error("no");`, 1, "0 passed, 1 failed"],
  [
    "a hook that fails, and the test that it keeps from running",
    `describe("group", () => { beforeAll(() => { throw new Error("no"); }); ${pass} });`,
    1,
    "0 passed, 1 failed, 1 skipped",
  ],
  [
    "an error that nobody caught",
    `test("passes", async () => { void Promise.reject(new Error("no")); await null; });`,
    1,
    "1 passed, 1 failed",
  ],
])("the last line counts %s", async (_what, source, code, line) => {
  expect(await runFixture(source)).toEqual({ code, line });
});

test("a run without a test has failed", async () => {
  writeFileSync(join(folder, "vitest.config.ts"), config.replace("*.fixture.ts", "*.none.ts"));
  expect(await runFixture(pass)).toEqual({ code: 1, line: "0 passed, 1 failed" });
});
