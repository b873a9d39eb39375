import type { TypedDocumentNode } from "../../src/client/typed-document-node.js";
import { print } from "graphql";

/** An answer of GraphQL over HTTP. */
export interface Answer<T> {
  readonly data?: T | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: { readonly code: string; readonly field?: string };
  }[];
}

/** Sends an operation over HTTP and gives the answer as it is. */
export async function ask<
  T = Record<string, unknown>,
  V extends Record<string, unknown> = Record<string, unknown>,
>(
  url: string,
  token: string | null,
  document: TypedDocumentNode<T, V> | string,
  variables?: V,
): Promise<Answer<T>> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query: typeof document === "string" ? document : print(document), variables }),
  });
  // The service's own answer: what a test expects of it, it asserts.
  return (await response.json()) as Answer<T>;
}

/** Sends an operation over HTTP and gives its data; fails on any error. */
export async function request<T, V extends Record<string, unknown>>(
  url: string,
  token: string,
  document: TypedDocumentNode<T, V>,
  variables: V,
): Promise<T> {
  const { data, errors } = await ask(url, token, document, variables);
  if (errors !== undefined || data === null || data === undefined) {
    throw new Error(`the operation failed: ${JSON.stringify(errors)}`);
  }
  return data;
}
