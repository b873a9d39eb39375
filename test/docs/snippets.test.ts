/**
 * Every fenced block of README.md, CONTRIBUTING.md, CHANGELOG.md, docs/*.md and the README.md of each example and package is checked.
 *
 * - ```ts, tsx, js and jsx are compiled against the built package (TypeScript, strict; js without types of parameters).
 *   A block is a module of its own, with all of its imports: it compiles as it stands when a reader pastes it into a file.
 * - ```ts file=src/inbox.ts names the file, so that other blocks of the same page may import it: "./src/inbox" (from an unnamed
 *   block, which lies beside src/). Two blocks of a page may not have the same name.
 * - ```js run=node-backend (of any language) is run besides: by the test that takes it from the page by that name.
 * - ```graphql is validated against the schema, ```json is parsed, ```css is compiled.
 * - Other languages are not looked at. A setting other than `file` and `run` is a mistake.
 *
 * It needs dist/: `npm run build`.
 */
import { parse, validate } from "graphql";
import { preprocessCSS, resolveConfig } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { createSchema } from "../../src/server/graphql/schema.js";
import { type Block, blocksOf, pages } from "./blocks.js";
import { type Consumer, fileOf, makeConsumer } from "./consumer.js";

const compiled = ["ts", "tsx", "js", "jsx"];
const settings = new Set(["file", "run"]);

const blocks = pages.flatMap(blocksOf);

const schema = createSchema();

/** What is done with a block of each language. */
const checks: Record<string, (block: Block) => void | Promise<void>> = {
  ...Object.fromEntries(compiled.map((language) => [language, expectNoComplaint])),
  graphql({ text }) {
    expect(validate(schema, parse(text))).toEqual([]);
  },
  json({ text }) {
    z.json().parse(JSON.parse(text));
  },
  async css({ text }) {
    const config = await resolveConfig({ configFile: false, css: { transformer: "lightningcss" } }, "build");
    await preprocessCSS(text, "block.css", config);
  },
};

let consumer: Consumer;
let complaints: readonly string[];

beforeAll(async () => {
  consumer = await makeConsumer();
  for (const block of blocks.filter(({ language }) => compiled.includes(language))) {
    const { name, text } = fileOf(block);
    await consumer.write(name, text);
  }
  complaints = await consumer.typeCheck();
});
afterAll(async () => consumer[Symbol.asyncDispose]());

it("finds the pages and their blocks", () => {
  expect(pages).toContain("README.md");
  expect(blocks.length).toBeGreaterThan(5);
});

it("reports an error at its line in the page", async () => {
  await using reader = await makeConsumer();
  const text = `import { InboxDocument } from "@carillon/client/operations";\nInboxDocument.toast();\n`;
  for (const language of ["ts", "js"]) {
    const wrong = fileOf({ page: "docs/wrong.md", line: 7, language, info: {}, text });
    await reader.write(wrong.name, wrong.text);
  }
  const found = await reader.typeCheck();
  expect(found.filter((line) => /^docs\/wrong\/line-7\.(ts|js)\(8,15\): error/.test(line))).toHaveLength(2);
});

it("has no complaint about anything but a block", () => {
  const names = blocks.map((block) => `${fileOf(block).name}(`);
  // A complaint of several lines continues indented.
  const others = complaints.filter(
    (line) => !line.startsWith(" ") && !names.some((name) => line.startsWith(name)),
  );
  expect(others).toEqual([]);
});

describe.each(pages)("%s", (page) => {
  const own = blocks.filter((block) => block.page === page);

  it("gives each block a name of its own, and settings that exist", () => {
    const files = own
      .filter(({ language }) => compiled.includes(language))
      .map((block) => fileOf(block).name);
    expect(files.filter((name, index) => files.indexOf(name) !== index)).toEqual([]);
    expect(own.flatMap(({ info }) => Object.keys(info)).filter((name) => !settings.has(name))).toEqual([]);
  });

  for (const block of own) {
    const check = checks[block.language];
    if (check !== undefined) it(`line ${block.line}: ${block.language}`, () => check(block));
  }
});

function expectNoComplaint(block: Block): void {
  expect(complaints.filter((line) => line.startsWith(`${fileOf(block).name}(`))).toEqual([]);
}
