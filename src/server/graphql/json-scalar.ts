import {
  type ConstValueNode,
  GraphQLError,
  GraphQLScalarType,
  Kind,
  type ObjectValueNode,
  type ValueNode,
} from "graphql";
import { InexactNumber } from "../validation/json.js";
import { isExactNumber } from "../validation/exact-number.js";

type Variables = Readonly<Record<string, unknown>>;

/**
 * The scalar JSON. Literals in the document are parsed as `parseJson` parses variables: a number that JavaScript cannot represent becomes
 * an `InexactNumber`. The code that uses the value decides what it accepts.
 */
export const jsonScalar = new GraphQLScalarType<unknown, unknown>({
  name: "JSON",
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueOf(node, variables ?? {}),
});

function valueOf(node: ValueNode | ConstValueNode, variables: Variables): unknown {
  switch (node.kind) {
    case Kind.INT:
    case Kind.FLOAT:
      return isExactNumber(node.value) ? Number(node.value) : new InexactNumber(node.value);
    case Kind.STRING:
    case Kind.BOOLEAN:
      return node.value;
    case Kind.NULL:
      return null;
    case Kind.LIST:
      return node.values.map((item) => valueOf(item, variables));
    case Kind.OBJECT:
      return objectOf(node, variables);
    case Kind.VARIABLE:
      return Object.hasOwn(variables, node.name.value) ? variables[node.name.value] : undefined;
    case Kind.ENUM:
      throw new GraphQLError(`JSON has no enum values: write "${node.value}" in quotes`, { nodes: node });
  }
}

/** Object.fromEntries defines properties, so that every name, including __proto__, becomes an own property. */
function objectOf({ fields }: ObjectValueNode, variables: Variables): object {
  return Object.fromEntries(fields.map(({ name, value }) => [name.value, valueOf(value, variables)]));
}
