/**
 * The example operations of the sandbox: each gets a tab of its own, in the order in which a newcomer wants them.
 * The documents are those of the client library, so that what a person tries here is what their program sends.
 */
import { readFile, readdir } from "node:fs/promises";
import { type DocumentNode, Kind, parse, visit } from "graphql";

/** An operation as its tab shows it: complete, and ready to be sent. */
export interface Example {
  readonly title: string;
  /** The operation, followed by the fragments that it needs. */
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

// The same from src/http/sandbox and from dist/http/sandbox: documents are read from where they are kept, never copied.
const operationsDirectory = new URL("../../../src/client/operations/", import.meta.url);

const tabs: readonly { title: string; file: string; variables: Record<string, unknown> }[] = [
  { title: "Inbox", file: "inbox.graphql", variables: { userId: "alice", first: 20 } },
  {
    title: "Create",
    file: "create-notification.graphql",
    variables: {
      input: {
        userId: "alice",
        category: "order.shipped",
        title: "Your order is on its way",
        body: "It should arrive on Thursday.",
        data: { orderId: "A-1042" },
        actionUrl: "/orders/A-1042",
        priority: "NORMAL",
      },
    },
  },
  { title: "Watch", file: "notification-events.graphql", variables: { userId: "alice", after: null } },
  {
    title: "Mark read",
    file: "mark-notifications-read.graphql",
    variables: { userId: "alice", ids: ["an id from the inbox"] },
  },
  {
    title: "Mark all read",
    file: "mark-all-notifications-read.graphql",
    variables: { userId: "alice", upTo: null },
  },
  {
    title: "Delete",
    file: "delete-notifications.graphql",
    variables: { userId: "alice", ids: ["an id from the inbox"] },
  },
  { title: "Clear", file: "clear-notifications.graphql", variables: { userId: "alice", upTo: null } },
  {
    title: "List unread",
    file: "notifications.graphql",
    variables: {
      userId: "alice",
      filter: { read: false, categories: ["order.shipped"] },
      first: 20,
      after: null,
    },
  },
];

/** Reads the documents. */
export async function readExamples(): Promise<readonly Example[]> {
  const sources = await readDocuments();
  const fragments = fragmentSources(sources.values());
  return tabs.map(({ title, file, variables }) => {
    const source = sources.get(file);
    if (source === undefined) throw new Error(`The sandbox lacks the example operation ${file}`);
    return { title, document: withFragments(source, fragments), variables };
  });
}

async function readDocuments(): Promise<ReadonlyMap<string, string>> {
  const files = (await readdir(operationsDirectory)).filter((file) => file.endsWith(".graphql"));
  return new Map(
    await Promise.all(
      files.map(async (file) => [file, await readFile(new URL(file, operationsDirectory), "utf8")] as const),
    ),
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
function withFragments(source: string, fragments: ReadonlyMap<string, string>): string {
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
  return [...parts].map((part) => part.trim()).join("\n\n");
}

function spreadsIn(document: DocumentNode): readonly string[] {
  const names: string[] = [];
  visit(document, { FragmentSpread: (spread) => void names.push(spread.name.value) });
  return names;
}
