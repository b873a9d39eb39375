// @ts-check
import { plugin as typedDocuments } from "@graphql-codegen/typed-document-node";

/**
 * A plugin of the code generator: typed documents whose types stand in `generated-types.ts`, written once for all documents,
 * and need no package.
 * @type {import("@graphql-codegen/plugin-helpers").PluginFunction<
 *   import("@graphql-codegen/typed-document-node").TypeScriptTypedDocumentNodesConfig
 * >}
 */
export async function plugin(schema, documents, config) {
  const written = await typedDocuments(schema, documents, config);
  if (typeof written === "string") throw new Error("The documents come with no imports of their own");
  const imports = written.prepend?.map((line) =>
    line.replace("@graphql-typed-document-node/core", "./document-type-decoration.js"),
  );
  return {
    prepend: [
      ...(imports ?? []),
      'import type * as Types from "./generated-types.js";',
      'export type * from "./generated-types.js";',
    ],
    content: written.content,
  };
}
