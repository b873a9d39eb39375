import type { SubscribePayload } from "./graphql-ws-types.js";

export type OperationKind = "query" | "mutation" | "subscription";

/** Block strings, strings and comments, which may contain anything. */
const texts = /"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\\n])*"|#.*/g;

/** Braces, and where an operation may begin. */
const marks = /[{}]|\b(query|mutation|subscription)\b\s*([_A-Za-z]\w*)?/g;

/** The kind of the operation that a server executes of a document; the shorthand without a keyword is a query. */
export function operationKind({ query, operationName }: SubscribePayload): OperationKind {
  let depth = 0;
  let first: OperationKind | undefined;
  for (const [mark, kind, name] of query.replaceAll(texts, " ").matchAll(marks)) {
    if (mark === "{") depth += 1;
    if (mark === "}") depth -= 1;
    if (depth !== 0 || !isKind(kind)) continue;
    if (name !== undefined && name === operationName) return kind;
    first ??= kind;
  }
  return first ?? "query";
}

function isKind(word: string | undefined): word is OperationKind {
  return word === "query" || word === "mutation" || word === "subscription";
}
