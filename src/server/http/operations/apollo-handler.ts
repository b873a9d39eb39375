import { AsyncLocalStorage } from "node:async_hooks";
import { ApolloServer, type ApolloServerPlugin, type BaseContext, HeaderMap } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyInstance } from "fastify";
import { GraphQLError, type GraphQLFormattedError, OperationTypeNode } from "graphql";
import { InvalidTokenError } from "../../auth/auth-errors.js";
import type { VerifyToken } from "../../auth/token-verifier.js";
import type { Viewer } from "../../auth/viewer.js";
import type { Log } from "../../telemetry/log.js";
import { authenticateBearer } from "../bearer-authentication.js";
import type { ServerOptions } from "../server-options.js";
import { checkQueryVariables } from "../requests/json-body.js";
import { jsonMediaType, responseMediaType } from "../requests/media-types.js";
import type { OperationValidation } from "./operation-validation.js";

/** GraphQL over HTTP. Stop it when no request is in flight. */
export interface GraphQLHandler {
  /** Adds GET and POST /graphql (GraphQL over HTTP, draft of the GraphQL Foundation). */
  register(server: FastifyInstance): void;
  stop(): Promise<void>;
}

export async function createGraphQLHandler<TContext extends BaseContext>(
  options: ServerOptions<TContext>,
  operations: OperationValidation,
): Promise<GraphQLHandler> {
  // Apollo Server's formatError does not know the request that it is called for.
  const requestLog = new AsyncLocalStorage<Log>();
  const apollo = createApollo(options, operations, () => requestLog.getStore() ?? options.log);
  await apollo.start();

  const handle = fastifyApolloHandler(apollo, {
    context: async ({ id, headers, method, query, body }) => {
      rejectCostlyDocument(method === "GET" ? query : body, operations);
      const log = requestLog.getStore() ?? options.log;
      const viewer = await authenticate(headers.authorization, options.verifyToken, log);
      return options.createContext({ viewer, requestId: id, log, connection: null });
    },
  });
  return {
    register(server) {
      server.route({
        method: ["GET", "POST"],
        url: "/graphql",
        handler(request, reply) {
          checkQueryVariables(request.url);
          const log = options.log.child({ requestId: request.id });
          return requestLog.run(log, () => handle.call(this, request, reply));
        },
      });
    },
    stop: () => apollo.stop(),
  };
}

function createApollo<TContext extends BaseContext>(
  options: ServerOptions<TContext>,
  operations: OperationValidation,
  currentLog: () => Log,
): ApolloServer<TContext> {
  return new ApolloServer<TContext>({
    schema: options.schema,
    // Disabled by a validation rule where it must be off, because the rule applies to WebSockets, too.
    introspection: true,
    validationRules: [...operations.rules],
    // Used instead of hideSchemaDetailsFromClientErrors, which finds suggestions in messages in quadratic time.
    validationOptions: operations.validationOptions,
    parseOptions: { maxTokens: operations.maxTokens },
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: (_formatted, error) => operations.formatError(error, currentLog()),
    logger: options.log,
    plugins: [
      statusForMediaType,
      rejectSubscriptions,
      checkVariables(operations, currentLog),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
    ],
  });
}

/** @throws GraphQLError before Apollo Server parses the document. */
function rejectCostlyDocument(parameters: unknown, operations: OperationValidation): void {
  if (typeof parameters !== "object" || parameters === null || !("query" in parameters)) return;
  const { query } = parameters;
  const error = typeof query === "string" ? operations.checkDocumentLimits(query) : null;
  if (error !== null) throw requestError(error.message, "GRAPHQL_VALIDATION_FAILED", 400);
}

/** A missing token is no error: introspection requires none, and resolvers that require one throw. */
async function authenticate(
  header: string | undefined,
  verifyToken: VerifyToken,
  log: Log,
): Promise<Viewer | null> {
  try {
    return await authenticateBearer(header, verifyToken);
  } catch (error) {
    if (error instanceof InvalidTokenError) {
      // RFC 6750, section 3.1
      const headers = [["www-authenticate", 'Bearer error="invalid_token"']] as const;
      throw requestError(error.message, "UNAUTHENTICATED", 401, headers);
    }
    log.error({ err: error }, "token check failed");
    const message = "Tokens cannot be checked at the moment; try again later";
    throw requestError(message, "SERVICE_UNAVAILABLE", 503, [["retry-after", "5"]]);
  }
}

function requestError(
  message: string,
  code: string,
  status: number,
  headers: readonly (readonly [string, string])[] = [],
): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code, http: { status, headers: new HeaderMap(headers) } },
  });
}

/** The codes of errors in the request itself, found before execution. */
const requestErrorCodes = new Set<unknown>([
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "OPERATION_RESOLUTION_FAILURE",
  "BAD_USER_INPUT",
]);

function isRequestError({ extensions }: GraphQLFormattedError): boolean {
  return requestErrorCodes.has(extensions?.["code"]);
}

/**
 * Sets the status of well-formed requests with an invalid document (GraphQL over HTTP, section 6.4): 200 for application/json, because older
 * clients read errors only from such responses, and Apollo Server's 400 for application/graphql-response+json.
 */
const statusForMediaType: ApolloServerPlugin = {
  requestDidStart: async () => ({
    willSendResponse: async ({ request, response: { http, body } }) => {
      if (http.status !== 400 || body.kind !== "single") return;
      if (responseMediaType(request.http?.headers.get("accept")) !== jsonMediaType) return;
      if (body.singleResult.errors?.every(isRequestError) === true) http.status = 200;
    },
  }),
};

/** Reports invalid variables in place of `execute` of graphql-js, whose errors quote the whole values. */
function checkVariables(operations: OperationValidation, currentLog: () => Log): ApolloServerPlugin {
  return {
    requestDidStart: async () => ({
      responseForOperation: async ({ document, request }) => {
        const invalid = operations.checkVariables(document, request.operationName, request.variables);
        if (invalid.length === 0) return null;
        const errors = invalid.map((error) => operations.formatError(error, currentLog()));
        return {
          http: { status: 400, headers: new HeaderMap() },
          body: { kind: "single", singleResult: { errors } },
        };
      },
    }),
  };
}

const rejectSubscriptions: ApolloServerPlugin = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation }) => {
      if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return;
      const message = "Subscriptions require a WebSocket (graphql-transport-ws) at this path";
      throw requestError(message, "BAD_REQUEST", 400);
    },
  }),
};
