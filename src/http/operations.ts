import {
  type DocumentNode,
  getOperationAST,
  GraphQLError,
  type GraphQLFormattedError,
  Kind,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
  type ValidationRule,
} from "graphql";
import type { Log } from "../telemetry/log.js";
import type { ServerDependencies } from "./dependencies.js";

/**
 * What holds for an operation over either transport. Apollo Server reads the rules and the error format of this object;
 * operations over a socket, which never meet Apollo Server, are read and answered by it.
 */
export interface Operations {
  readonly rules: readonly ValidationRule[];
  readonly maxTokens: number;
  /** Parses and validates, or tells why not. */
  read(query: string, operationName: string | null | undefined): DocumentNode | readonly GraphQLError[];
  /** An error as the client may see it. Never throws. */
  present(error: unknown, log: Log): GraphQLFormattedError;
}

/** Documents remembered as valid: clients send the same few again and again, above all when all of them reconnect. */
const rememberedDocuments = 500;
/** Longer documents (in UTF-16 units) are validated each time, so that the memory stays small. */
const rememberedLength = 4096;

export function createOperations(
  deps: Pick<
    ServerDependencies<object>,
    "schema" | "validationRules" | "maxTokens" | "schemaVisible" | "formatError"
  >,
): Operations {
  const rules = deps.schemaVisible
    ? deps.validationRules
    : [...deps.validationRules, NoSchemaIntrospectionCustomRule];
  const valid = new Map<string, DocumentNode>();

  function remember(query: string, document: DocumentNode): void {
    if (query.length > rememberedLength) return;
    const [oldest] = valid.keys();
    if (valid.size >= rememberedDocuments && oldest !== undefined) valid.delete(oldest);
    valid.set(query, document);
  }

  function readDocument(query: string): DocumentNode | readonly GraphQLError[] {
    const known = valid.get(query);
    if (known !== undefined) return known;
    const document = parseDocument(query, deps.maxTokens);
    if (document instanceof GraphQLError) return [document];
    const errors = validate(deps.schema, document, [...specifiedRules, ...rules]);
    if (errors.length > 0) return errors.map((error) => withCode(error, "GRAPHQL_VALIDATION_FAILED"));
    remember(query, document);
    return document;
  }

  return {
    rules,
    maxTokens: deps.maxTokens,
    read(query, operationName) {
      const document = readDocument(query);
      if (!("kind" in document) || getOperationAST(document, operationName)) return document;
      const message = "The document has no operation of that name, or several and no name was given";
      return [new GraphQLError(message, { extensions: { code: "OPERATION_RESOLUTION_FAILURE" } })];
    },
    present(error, log) {
      const formatted = formatSafely(normalize(error), log);
      return deps.schemaVisible ? formatted : withoutSuggestion(formatted);
    },
  };

  function formatSafely(error: unknown, log: Log): GraphQLFormattedError {
    try {
      const { extensions, ...formatted } = deps.formatError(error, log);
      const { http: _http, stacktrace: _stacktrace, ...shown } = extensions ?? {};
      return { ...formatted, extensions: shown };
    } catch (failure) {
      log.error({ err: failure }, "an error could not be formatted");
      return internalError();
    }
  }
}

/** All that is ever said of an error that was not meant for the client. */
export function internalError(): GraphQLFormattedError {
  return { message: "Internal server error", extensions: { code: "INTERNAL_SERVER_ERROR" } };
}

function parseDocument(query: string, maxTokens: number): DocumentNode | GraphQLError {
  try {
    return parse(query, { maxTokens });
  } catch (error) {
    if (error instanceof GraphQLError) return withCode(error, "GRAPHQL_PARSE_FAILED");
    throw error;
  }
}

function withCode(error: GraphQLError, code: unknown): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: error.path ?? null,
    extensions: { ...error.extensions, code },
  });
}

/**
 * Apollo Server, and graphql-js for what a resolver threw, wrap a GraphQLError in another that bears the code and the path:
 * the wrapper is what counts. Other errors stay the `originalError`, by which they are known.
 */
function normalize(error: unknown): unknown {
  if (isVariableError(error)) return withCode(error, "BAD_USER_INPUT");
  if (!(error instanceof GraphQLError && error.originalError instanceof GraphQLError)) return error;
  return withCode(error, error.extensions["code"] ?? error.originalError.extensions["code"]);
}

/** Variables that do not fit their types: graphql-js names the fault by the node that it points to, and gives no code. */
function isVariableError(error: unknown): error is GraphQLError {
  return (
    error instanceof GraphQLError &&
    error.path === undefined &&
    (error.extensions["code"] === undefined || error.extensions["code"] === "BAD_USER_INPUT") &&
    error.nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION
  );
}

/** A suggestion tells names of a schema that is not to be seen. */
function withoutSuggestion(error: GraphQLFormattedError): GraphQLFormattedError {
  return { ...error, message: error.message.replace(/ ?Did you mean .+\?$/s, "") };
}
