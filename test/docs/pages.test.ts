/** What pages say of files, headings and variables exists. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { pages, root } from "./blocks.js";

describe.each(pages)("%s", (page) => {
  it("links to files and headings that exist", () => {
    const text = read(page).replaceAll(/^( *)```[\s\S]*?^\1```/gm, "");
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)|src="([^"]+)"/g)].map(
      ([, link, source]) => link ?? source ?? "",
    );
    const own = targets.filter((target) => !/^[a-z]+:/.test(target));
    expect(own.filter((target) => !leadsSomewhere(page, target))).toEqual([]);
  });
});

it("lists every variable, and no other", () => {
  const folder = "src/server/config";
  const sources = readdirSync(`${root}${folder}`).map((name) => read(`${folder}/${name}`));
  const declared = namesIn(sources.join("\n"), /\bvariable\(\s*"([A-Z_]+)"/g);
  const listed = namesIn(read("docs/configuration.md"), /^\| `([A-Z_]+)` /gm);
  expect(new Set(listed)).toEqual(new Set(declared));
  expect(new Set(listed).size).toBe(listed.length);
});

function namesIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name = ""]) => name);
}

function read(path: string): string {
  return readFileSync(`${root}${path}`, "utf8");
}

function leadsSomewhere(page: string, target: string): boolean {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page : normalize(join(dirname(page), path));
  if (!existsSync(`${root}${file}`)) return false;
  return anchor === undefined || anchorsOf(read(file)).includes(anchor);
}

/** The names that GitHub gives to headings. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
