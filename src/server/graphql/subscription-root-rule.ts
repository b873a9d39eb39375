import {
  type ASTVisitor,
  type DirectiveNode,
  type DocumentNode,
  GraphQLError,
  Kind,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
} from "graphql";

/**
 * Validation rule: the root field of a subscription, and the fragments around it, must not have @skip or @include, because a stream
 * cannot be omitted and variables are unknown during validation.
 * https://spec.graphql.org/draft/#sec-Single-Root-Field
 *
 * The rule must come first, and ends the validation when it fails: graphql-js's own rule for single root fields evaluates the
 * directives without variables, and throws.
 */
export function noConditionalSubscriptionRootRule(context: ValidationContext): ASTVisitor {
  return {
    Document: {
      enter(document) {
        const directives = conditionsAtRoots(document, context);
        if (directives.length === 0) return;
        const message = "@skip and @include are not allowed at the root of a subscription";
        context.reportError(new GraphQLError(message, { nodes: directives }));
        // Deletes the document for `visit`, so that no other rule visits it.
        return null;
      },
    },
  };
}

function conditionsAtRoots({ definitions }: DocumentNode, context: ValidationContext): DirectiveNode[] {
  return definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION && definition.operation === OperationTypeNode.SUBSCRIPTION
      ? conditionsIn(definition.selectionSet, context, new Set())
      : [],
  );
}

/** @param visited names of visited fragments, because fragments may form cycles */
function conditionsIn(
  { selections }: SelectionSetNode,
  context: ValidationContext,
  visited: Set<string>,
): DirectiveNode[] {
  return selections.flatMap((selection) => [
    ...(selection.directives ?? []).filter(({ name }) => name.value === "skip" || name.value === "include"),
    ...conditionsBelow(selection, context, visited),
  ]);
}

/** Directives below a field are allowed: parts of a response may be omitted. */
function conditionsBelow(
  selection: SelectionNode,
  context: ValidationContext,
  visited: Set<string>,
): DirectiveNode[] {
  if (selection.kind === Kind.FIELD) return [];
  if (selection.kind === Kind.INLINE_FRAGMENT) return conditionsIn(selection.selectionSet, context, visited);
  const name = selection.name.value;
  const fragment = visited.has(name) ? null : context.getFragment(name);
  visited.add(name);
  return fragment ? conditionsIn(fragment.selectionSet, context, visited) : [];
}
