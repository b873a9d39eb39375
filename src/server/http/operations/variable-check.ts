import {
  coerceInputValue,
  GraphQLError,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  type OperationDefinitionNode,
  print,
  typeFromAST,
  type VariableDefinitionNode,
} from "graphql";
import { quote } from "./quoted-value.js";

export interface VariableCheck {
  readonly schema: GraphQLSchema;
  /** Reporting stops after this number of errors, with a message that says so. */
  readonly maxErrors: number;
  /** Omit "Did you mean …?", which reveals names of the schema. */
  readonly hideSuggestions: boolean;
}

class TooManyErrors extends Error {}

/**
 * Checks variables against their types and reports the same errors as `execute` of graphql-js, but with short quotes. graphql-js quotes
 * the whole value in each of up to 50 errors, so that a request of half a megabyte has a response of 25 megabytes.
 */
export function checkVariables(
  operation: OperationDefinitionNode,
  values: Readonly<Record<string, unknown>>,
  check: VariableCheck,
): readonly GraphQLError[] {
  const errors: GraphQLError[] = [];
  const report = (message: string, node: VariableDefinitionNode): void => {
    if (errors.length >= check.maxErrors) throw new TooManyErrors();
    errors.push(new GraphQLError(message, { nodes: node, extensions: { code: "BAD_USER_INPUT" } }));
  };
  try {
    for (const node of operation.variableDefinitions ?? []) checkVariable(node, values, check, report);
  } catch (error) {
    if (!(error instanceof TooManyErrors)) throw error;
    const message = "Too many errors processing variables, error limit reached.";
    errors.push(new GraphQLError(message, { extensions: { code: "BAD_USER_INPUT" } }));
  }
  return errors;
}

function checkVariable(
  node: VariableDefinitionNode,
  values: Readonly<Record<string, unknown>>,
  { schema, hideSuggestions }: VariableCheck,
  report: (message: string, node: VariableDefinitionNode) => void,
): void {
  const name = node.variable.name.value;
  const type = typeFromAST(schema, node.type);
  // Validation has rejected variables of other types.
  if (!isInputType(type)) return;
  if (!Object.hasOwn(values, name)) {
    if (isNonNullType(type) && node.defaultValue === undefined) {
      report(`Variable "$${name}" of required type "${print(node.type)}" was not provided.`, node);
    }
    return;
  }
  const value = values[name];
  if (value === null && isNonNullType(type)) {
    report(`Variable "$${name}" of non-null type "${print(node.type)}" must not be null.`, node);
    return;
  }
  const onError: Parameters<typeof coerceInputValue>[2] = (path, invalid, { message }) => {
    const place = path.length === 0 ? "" : ` at "${name}${path.map(printKey).join("")}"`;
    report(`Variable "$${name}" got invalid value ${quote(invalid)}${place}; ${message}`, node);
  };
  coerceInputValue(value, type, onError, hideSuggestions);
}

function printKey(key: string | number): string {
  return typeof key === "number" ? `[${key}]` : `.${key}`;
}
