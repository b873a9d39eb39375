import {
  type DocumentNode,
  getOperationAST,
  GraphQLError,
  type GraphQLFormattedError,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
  type ValidationRule,
} from "graphql";
import type { Log } from "../../telemetry/log.js";
import type { ServerOptions } from "../server-options.js";
import { checkDocumentLimits } from "./document-limits.js";
import { truncate } from "./quoted-value.js";
import { checkVariables } from "./variable-check.js";

/**
 * Parsing, validation and error formatting that apply to operations over both transports. Apollo Server is configured with
 * these rules; operations over a WebSocket, which Apollo Server does not see, use the functions directly.
 */
export interface OperationValidation {
  readonly rules: readonly ValidationRule[];
  readonly maxTokens: number;
  /** Options for `validate` of graphql-js. */
  readonly validationOptions: { readonly maxErrors: number; readonly hideSuggestions: boolean };
  /** Returns an error when the document is too costly to validate. */
  checkDocumentLimits(query: string): GraphQLError | null;
  /** Checks the variables against their types. Call it before the operation is executed. */
  checkVariables(
    document: DocumentNode,
    operationName: string | null | undefined,
    values: Readonly<Record<string, unknown>> | null | undefined,
  ): readonly GraphQLError[];
  /** Returns the document, or the errors if it is invalid. */
  parseAndValidate(
    query: string,
    operationName: string | null | undefined,
  ): DocumentNode | readonly GraphQLError[];
  /** Converts an error into one that the client may see. Never throws. */
  formatError(error: unknown, log: Log): GraphQLFormattedError;
}

/** The number of valid documents that are cached: clients send the same few again and again, above all when all of them reconnect. */
const maxCachedDocuments = 500;
/** Longer documents (in UTF-16 code units) are not cached, which limits the memory of the cache. */
const maxCachedLength = 4096;

/** The maximum number of errors that are reported for one document, or for its variables. */
const maxErrors = 5;
/** The longest error message in UTF-16 code units: messages may quote what the client sent. */
const maxMessageLength = 400;

export function createOperationValidation(
  options: Pick<
    ServerOptions<object>,
    "schema" | "validationRules" | "maxTokens" | "schemaVisible" | "formatError"
  >,
): OperationValidation {
  const rules = options.schemaVisible
    ? options.validationRules
    : [...options.validationRules, NoSchemaIntrospectionCustomRule];
  const reporting = { maxErrors, hideSuggestions: !options.schemaVisible };
  const valid = new Map<string, DocumentNode>();

  function cache(query: string, document: DocumentNode): void {
    if (query.length > maxCachedLength) return;
    const [oldest] = valid.keys();
    if (valid.size >= maxCachedDocuments && oldest !== undefined) valid.delete(oldest);
    valid.set(query, document);
  }

  function readDocument(query: string): DocumentNode | readonly GraphQLError[] {
    const cached = valid.get(query);
    if (cached !== undefined) return cached;
    const limitError = checkDocumentLimits(query, options.maxTokens);
    if (limitError !== null) return [limitError];
    const document = parseDocument(query, options.maxTokens);
    if (document instanceof GraphQLError) return [document];
    const errors = validate(options.schema, document, [...specifiedRules, ...rules], reporting);
    if (errors.length > 0) return errors.map((error) => withCode(error, "GRAPHQL_VALIDATION_FAILED"));
    cache(query, document);
    return document;
  }

  return {
    rules,
    maxTokens: options.maxTokens,
    validationOptions: reporting,
    checkDocumentLimits: (query) => checkDocumentLimits(query, options.maxTokens),
    checkVariables(document, operationName, values) {
      const operation = getOperationAST(document, operationName);
      if (!operation) return [];
      return checkVariables(operation, values ?? {}, { schema: options.schema, ...reporting });
    },
    parseAndValidate(query, operationName) {
      const document = readDocument(query);
      if (!("kind" in document) || getOperationAST(document, operationName)) return document;
      const message =
        "The document has no operation of that name, or it has several and no operationName was given";
      return [new GraphQLError(message, { extensions: { code: "OPERATION_RESOLUTION_FAILURE" } })];
    },
    formatError(error, log) {
      const formatted = formatSafely(unwrap(error), log);
      return { ...formatted, message: truncate(formatted.message, maxMessageLength) };
    },
  };

  function formatSafely(error: unknown, log: Log): GraphQLFormattedError {
    try {
      const { extensions, ...formatted } = options.formatError(error, log);
      const { http: _http, stacktrace: _stacktrace, ...shown } = extensions ?? {};
      return { ...formatted, extensions: shown };
    } catch (failure) {
      log.error({ err: failure }, "error formatting failed");
      return internalError();
    }
  }
}

/** What the client sees of an internal error. */
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
 * Apollo Server, and graphql-js for errors of resolvers, wrap a GraphQLError in another one that has the code and the path. The result has
 * those of the wrapper. Errors of other classes remain the `originalError`.
 */
function unwrap(error: unknown): unknown {
  if (!(error instanceof GraphQLError && error.originalError instanceof GraphQLError)) return error;
  return withCode(error, error.extensions["code"] ?? error.originalError.extensions["code"]);
}
