import { maxAliasesRule } from "@escape.tech/graphql-armor-max-aliases";
import { maxDepthRule } from "@escape.tech/graphql-armor-max-depth";
import { maxDirectivesRule } from "@escape.tech/graphql-armor-max-directives";
import { GraphQLError, type ValidationContext, type ValidationRule } from "graphql";

/** Lexical tokens of a document; the introspection query of an IDE has about 300. */
export const maxTokens = 1000;

const maxDepth = 10;
const maxAliases = 15;
const maxDirectives = 20;

/**
 * What a document may ask for at most, for HTTP and WebSocket alike (OWASP GraphQL Cheat Sheet, "Query limiting").
 * A page bounds its items, so depth and aliases bound the answer.
 */
export const validationRules: readonly ValidationRule[] = [
  maxDepthRule({ n: maxDepth, ...report(`The document is nested deeper than ${maxDepth} levels`) }),
  maxAliasesRule({
    n: maxAliases,
    allowList: [],
    ...report(`The document has more than ${maxAliases} aliases`),
  }),
  maxDirectivesRule({
    n: maxDirectives,
    ...report(`The document has more than ${maxDirectives} directives`),
  }),
];

/** A violation is reported like that of any other rule; left alone, the library throws in the middle of validation. */
function report(message: string) {
  return {
    propagateOnRejection: false,
    onReject: [(context: ValidationContext | null) => context?.reportError(new GraphQLError(message))],
  };
}
