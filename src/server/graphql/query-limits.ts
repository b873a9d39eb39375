import { maxAliasesRule } from "@escape.tech/graphql-armor-max-aliases";
import { maxDepthRule } from "@escape.tech/graphql-armor-max-depth";
import { maxDirectivesRule } from "@escape.tech/graphql-armor-max-directives";
import { GraphQLError, type ValidationContext, type ValidationRule } from "graphql";
import { noConditionalSubscriptionRootRule } from "./subscription-root-rule.js";

/** The maximum number of lexical tokens of a document; the introspection query of an IDE has about 300. */
export const maxTokens = 1000;

const maxDepth = 10;
const maxAliases = 15;
const maxDirectives = 20;

/**
 * Limits for documents, over HTTP and WebSocket alike (OWASP GraphQL Cheat Sheet, "Query limiting").
 * The size of pages is limited, so limits for depth and aliases limit the response.
 */
export const validationRules: readonly ValidationRule[] = [
  noConditionalSubscriptionRootRule,
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

/** Reports violations as validation errors. By default the library throws during validation. */
function report(message: string) {
  return {
    propagateOnRejection: false,
    onReject: [(context: ValidationContext | null) => context?.reportError(new GraphQLError(message))],
  };
}
