/**
 * The example operations of the sandbox: complete, and ready to be sent. For the inbox they are those of the client library, so
 * that what a person tries here is what their program sends.
 */
import { readFile, readdir } from "node:fs/promises";
import { type DocumentNode, Kind, parse, visit } from "graphql";
import { packageFile } from "../../config/package-files.js";
import { type ExampleFile, exampleFiles } from "./example-list.js";

export interface Example extends Pick<ExampleFile, "group" | "title" | "variables"> {
  /** The operation, then the fragments that it needs. */
  readonly definitions: readonly string[];
}

const folders = ["src/client/operations/", "src/server/http/sandbox/operations/"].map(packageFile);

/** Reads the documents. */
export async function readExamples(): Promise<readonly Example[]> {
  const sources = new Map((await Promise.all(folders.map(readDocuments))).flat());
  const fragments = fragmentSources(sources.values());
  return exampleFiles.map(({ group, title, file, variables }) => {
    const source = sources.get(file);
    if (source === undefined) throw new Error(`The sandbox lacks the example operation ${file}`);
    return { group, title, definitions: withFragments(source, fragments), variables };
  });
}

/** One document of the definitions of these, each once. */
export function documentOf(...examples: readonly Pick<Example, "definitions">[]): string {
  return [...new Set(examples.flatMap(({ definitions }) => definitions))].join("\n\n");
}

async function readDocuments(folder: URL): Promise<[file: string, source: string][]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".graphql"));
  return await Promise.all(
    files.map(async (file): Promise<[string, string]> => [
      file,
      await readFile(new URL(file, folder), "utf8"),
    ]),
  );
}

/** Source text by the name of the fragment, for the documents that define one. */
function fragmentSources(sources: Iterable<string>): ReadonlyMap<string, string> {
  const fragments = new Map<string, string>();
  for (const source of sources) {
    for (const definition of parse(source).definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, source);
    }
  }
  return fragments;
}

/** The source with every fragment that it needs, directly or through another, each once: the text as it was written. */
function withFragments(source: string, fragments: ReadonlyMap<string, string>): readonly string[] {
  const parts = new Set([source]);
  // A Set may grow while it is walked: what a fragment needs is found when its turn comes.
  for (const part of parts) {
    for (const name of spreadsIn(parse(part))) {
      const fragment = fragments.get(name);
      if (fragment === undefined)
        throw new Error(`The example operations spread an unknown fragment, ${name}`);
      parts.add(fragment);
    }
  }
  return [...parts].map((part) => part.trim());
}

function spreadsIn(document: DocumentNode): readonly string[] {
  const names: string[] = [];
  visit(document, { FragmentSpread: (spread) => void names.push(spread.name.value) });
  return names;
}
