// @ts-check
import { introspectionFromSchema } from "graphql";

/**
 * A plugin of the code generator: the schema as Graphcache wants it, which is introspection without descriptions, inputs, and
 * whatever else it does not look at.
 * @type {import("@graphql-codegen/plugin-helpers").PluginFunction}
 */
export function plugin(schema) {
  const { queryType, mutationType, subscriptionType, types } = introspectionFromSchema(schema).__schema;
  const small = {
    queryType,
    mutationType,
    subscriptionType,
    types: types.flatMap((type) => {
      const { kind, name } = type;
      if (name.startsWith("__")) return [];
      if (kind === "OBJECT")
        return { kind, name, fields: type.fields.map(smallField), interfaces: type.interfaces.map(smallRef) };
      if (kind === "INTERFACE")
        return {
          kind,
          name,
          fields: type.fields.map(smallField),
          possibleTypes: type.possibleTypes.map(smallRef),
        };
      return [];
    }),
  };
  const json = JSON.stringify(small).replaceAll(/"(\w+)":/g, "$1:");
  return [
    "/** What Graphcache needs to know of the schema. */",
    `export const schema = /*#__PURE__*/ { __schema: ${json} } as const;`,
  ].join("\n");
}

/** @param {import("graphql").IntrospectionField} field */
function smallField({ name, type, args }) {
  return { name, type: smallType(type), args: args.map(({ name }) => ({ name })) };
}

/**
 * @param {import("graphql").IntrospectionOutputTypeRef} type
 * @returns {object}
 */
function smallType(type) {
  if (type.kind === "NON_NULL" || type.kind === "LIST")
    return { kind: type.kind, ofType: smallType(type.ofType) };
  return smallRef(type);
}

/** @param {{ kind: string, name: string }} type */
function smallRef({ kind, name }) {
  return { kind, name };
}
