/** How a document names the types of its result and its variables: as `@graphql-typed-document-node/core` does it. */
export interface DocumentTypeDecoration<Result, Variables> {
  /** It exists in types only. */
  __apiType?: (variables: Variables) => Result;
}
