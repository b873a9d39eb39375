import type { DocumentNode } from "graphql";
import type { DocumentTypeDecoration } from "./document-type-decoration.js";

/** A parsed document that Apollo Client and urql know the types of. */
export interface TypedDocumentNode<Result, Variables>
  extends DocumentNode, DocumentTypeDecoration<Result, Variables> {}
