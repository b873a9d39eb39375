import {
  type FieldNode,
  getDirectiveValues,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";

/** The parts of an operation that a look-ahead needs. */
type Operation = Pick<GraphQLResolveInfo, "fragments" | "variableValues">;

/**
 * Returns the fields that are selected under other fields, by response key. Fields with the same key are grouped (GraphQL, section
 * 6.3.2). For object types only, to which every valid fragment applies.
 */
export function selectedFields(
  parents: readonly FieldNode[],
  operation: Operation,
): ReadonlyMap<string, readonly FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const visited = new Set<string>();
  for (const field of parents.flatMap(({ selectionSet }) => fieldsIn(selectionSet, operation, visited))) {
    const key = field.alias?.value ?? field.name.value;
    fields.set(key, [...(fields.get(key) ?? []), field]);
  }
  return fields;
}

/** @param visited names of visited fragments: visiting them again would take exponential time when fragments spread others twice */
function fieldsIn(
  selectionSet: SelectionSetNode | undefined,
  operation: Operation,
  visited: Set<string>,
): FieldNode[] {
  const included = selectionSet?.selections.filter((selection) => isIncluded(selection, operation)) ?? [];
  return included.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      return fieldsIn(selection.selectionSet, operation, visited);
    }
    const name = selection.name.value;
    if (visited.has(name)) return [];
    visited.add(name);
    return fieldsIn(operation.fragments[name]?.selectionSet, operation, visited);
  });
}

function isIncluded(selection: SelectionNode, { variableValues }: Operation): boolean {
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, variableValues);
  const include = getDirectiveValues(GraphQLIncludeDirective, selection, variableValues);
  return skip?.["if"] !== true && include?.["if"] !== false;
}
