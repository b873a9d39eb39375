import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** A fenced block of a page. */
export interface Block {
  /** The page, seen from the project's folder, e.g. docs/react.md */
  readonly page: string;
  /** The line of the page on which the block's text begins. */
  readonly line: number;
  /** The first word after the fence: ts, tsx, js, jsx, json … */
  readonly language: string;
  /** What else stands after the fence, e.g. `file=src/inbox.ts` */
  readonly info: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Every page with instructions for users. */
export const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...filesIn("docs").filter((page) => page.endsWith(".md")),
  ...[...filesIn("examples"), ...filesIn("src")].map((folder) => `${folder}/README.md`),
].filter((page) => existsSync(`${root}${page}`));

function filesIn(folder: string): string[] {
  if (!existsSync(`${root}${folder}`)) return [];
  return readdirSync(`${root}${folder}`).map((name) => `${folder}/${name}`);
}

/** Three backticks or more, perhaps indented, up to as many on a line of their own. */
const fenced = /^(?<indent> *)(?<fence>`{3,})(?<info>[^`\n]*)\n(?<text>[\s\S]*?)^\k<indent>\k<fence> *$/gm;

/** The fenced blocks of a page, in their order. */
export function blocksOf(page: string): Block[] {
  const content = readFileSync(`${root}${page}`, "utf8");
  return [...content.matchAll(fenced)].map(({ index, groups = {} }) => {
    const { indent = "", info = "", text = "" } = groups;
    const [language = "", ...settings] = info.trim().split(/\s+/);
    return {
      page,
      line: content.slice(0, index).split("\n").length + 1,
      language,
      info: Object.fromEntries(settings.map(nameAndValue)),
      text: text.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    };
  });
}

/** `file=src/inbox.ts` as a pair. */
function nameAndValue(setting: string): [string, string] {
  const [name = "", value = ""] = setting.split(/=(.*)/s);
  return [name, value];
}

/** The block of a page that is marked `run=name`. */
export function blockToRun(page: string, name: string): Block {
  const found = blocksOf(page).filter(({ info }) => info["run"] === name);
  if (found.length !== 1 || found[0] === undefined) {
    throw new Error(`${page} has ${found.length} blocks marked run=${name}, and should have one`);
  }
  return found[0];
}
