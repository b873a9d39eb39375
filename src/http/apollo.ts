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
import { InvalidTokenError } from "../auth/errors.js";
import type { VerifyToken } from "../auth/token.js";
import type { Viewer } from "../auth/viewer.js";
import type { Log } from "../telemetry/log.js";
import { authenticate } from "./authentication.js";
import type { ServerDependencies } from "./dependencies.js";
import { jsonMediaType, responseMediaType } from "./media-types.js";
import type { Operations } from "./operations.js";

/** GraphQL over HTTP, stopped when no request runs any more. */
export interface HttpGraphQL {
  /** Adds GET and POST /graphql (GraphQL over HTTP, draft of the GraphQL Foundation). */
  register(server: FastifyInstance): void;
  stop(): Promise<void>;
}

export async function createHttpGraphQL<TContext extends BaseContext>(
  deps: ServerDependencies<TContext>,
  operations: Operations,
): Promise<HttpGraphQL> {
  // Apollo Server's formatError does not say for which request it is called.
  const requestLog = new AsyncLocalStorage<Log>();
  const apollo = createApollo(deps, operations, () => requestLog.getStore() ?? deps.log);
  await apollo.start();

  const handle = fastifyApolloHandler(apollo, {
    context: async ({ id, headers }) => {
      const log = requestLog.getStore() ?? deps.log;
      const viewer = await authenticateOrRefuse(headers.authorization, deps.verifyToken, log);
      return deps.makeContext({ viewer, requestId: id, log, connection: null });
    },
  });
  return {
    register(server) {
      server.route({
        method: ["GET", "POST"],
        url: "/graphql",
        handler(request, reply) {
          const log = deps.log.child({ requestId: request.id });
          return requestLog.run(log, () => handle.call(this, request, reply));
        },
      });
    },
    stop: () => apollo.stop(),
  };
}

function createApollo<TContext extends BaseContext>(
  deps: ServerDependencies<TContext>,
  operations: Operations,
  currentLog: () => Log,
): ApolloServer<TContext> {
  return new ApolloServer<TContext>({
    schema: deps.schema,
    // Switched off by the rules where it is to be off, which hold for sockets too.
    introspection: true,
    hideSchemaDetailsFromClientErrors: !deps.schemaVisible,
    validationRules: [...operations.rules],
    parseOptions: { maxTokens: operations.maxTokens },
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: (_formatted, error) => operations.present(error, currentLog()),
    logger: deps.log,
    plugins: [
      rightStatus,
      onlyQueriesAndMutations,
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
    ],
  });
}

/** No token is no error: introspection and health need none, and a resolver that does says so. */
async function authenticateOrRefuse(
  header: string | undefined,
  verifyToken: VerifyToken,
  log: Log,
): Promise<Viewer | null> {
  try {
    return await authenticate(header, verifyToken);
  } catch (error) {
    if (error instanceof InvalidTokenError) {
      // RFC 6750, section 3.1
      const headers = [["www-authenticate", 'Bearer error="invalid_token"']] as const;
      throw refusal(error.message, "UNAUTHENTICATED", 401, headers);
    }
    log.error({ err: error }, "a token could not be checked");
    throw refusal("Tokens cannot be checked now", "SERVICE_UNAVAILABLE", 503, [["retry-after", "5"]]);
  }
}

function refusal(
  message: string,
  code: string,
  status: number,
  headers: readonly (readonly [string, string])[] = [],
): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code, http: { status, headers: new HeaderMap(headers) } },
  });
}

/** Errors in the request itself, found before anything is executed. */
const requestErrors = new Set<unknown>([
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "OPERATION_RESOLUTION_FAILURE",
  "BAD_USER_INPUT",
]);

function isRequestError({ extensions }: GraphQLFormattedError): boolean {
  return requestErrors.has(extensions?.["code"]);
}

/**
 * Where the answer is plain application/json, a well-formed request gets 200 though its document is wrong, so that clients of
 * old read the errors; application/graphql-response+json gets Apollo Server's 400 (GraphQL over HTTP, section 6.4).
 */
const rightStatus: ApolloServerPlugin = {
  requestDidStart: async () => ({
    willSendResponse: async ({ request, response: { http, body } }) => {
      if (http.status !== 400 || body.kind !== "single") return;
      if (responseMediaType(request.http?.headers.get("accept")) !== jsonMediaType) return;
      if (body.singleResult.errors?.every(isRequestError) === true) http.status = 200;
    },
  }),
};

const onlyQueriesAndMutations: ApolloServerPlugin = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation }) => {
      if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return;
      throw refusal("Subscriptions need a WebSocket (graphql-transport-ws) at this path", "BAD_REQUEST", 400);
    },
  }),
};
