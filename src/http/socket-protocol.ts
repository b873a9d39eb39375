import {
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  subscribe,
} from "graphql";
import { makeServer, type OperationResult, type Server, type SubscribePayload } from "graphql-ws";
import { InvalidTokenError } from "../auth/errors.js";
import { authenticate } from "./authentication.js";
import { closeCodes } from "./close-codes.js";
import type { ServerDependencies } from "./dependencies.js";
import type { Operations } from "./operations.js";
import type { SocketConnection } from "./socket-connection.js";
import { createTurnstile } from "./turnstile.js";

/** Milliseconds in which `connection_init` must come, else the socket is closed with 4408. */
const initTimeout = 3000;

/** Sockets that are let in per turn of the event loop: thousands that come back at once hold up nobody who is live. */
const admissionsPerTurn = 20;

/** Operations that may run at once on one socket; a tab needs one or two. */
const maxOperations = 100;

/**
 * GraphQL over WebSocket (graphql-transport-ws), for queries and mutations as well as subscriptions: the same limits and the
 * same masking of errors as over HTTP. No hook throws, since graphql-ws would answer with 4500, after which clients stay away.
 */
export function createSocketProtocol<TContext extends object>(
  deps: ServerDependencies<TContext>,
  operations: Operations,
): Server<SocketConnection> {
  const turn = createTurnstile(admissionsPerTurn);
  return makeServer<Record<string, unknown> | undefined, SocketConnection>({
    connectionInitWaitTimeout: initTimeout,
    onConnect: async ({ extra, connectionParams }) => {
      await turn();
      return admit(extra, connectionParams, deps);
    },
    onSubscribe: ({ extra, subscriptions }, _id, payload) => {
      if (Object.keys(subscriptions).length > maxOperations) return [tooManyOperations()];
      return executionArgs(extra, payload, deps, operations);
    },
    execute: (args) => settle(execute, args),
    subscribe: (args) => settle(subscribe, args),
    onNext: ({ extra }, _id, _payload, _args, result) => presentResult(result, extra, operations),
    onError: ({ extra }, _id, _payload, errors) => errors.map((e) => operations.present(e, extra.log)),
  });
}

/** Lets the socket in, or closes it. False tells graphql-ws to send no acknowledgement; its own close comes second. */
async function admit(
  connection: SocketConnection,
  params: Record<string, unknown> | undefined,
  { verifyToken }: Pick<ServerDependencies<object>, "verifyToken">,
): Promise<boolean> {
  try {
    const viewer = await authenticate(authorizationOf(params), verifyToken);
    if (viewer === null) throw new InvalidTokenError("A token is required");
    // The verifier's leeway would let a token in that the next moment closes the socket.
    if (viewer.expiresAt <= Date.now()) throw new InvalidTokenError("The token has expired");
    connection.admit(viewer);
    return true;
  } catch (error) {
    if (error instanceof InvalidTokenError) {
      connection.close(closeCodes.unauthorized, error.message);
    } else {
      connection.log.error({ err: error }, "a token could not be checked");
      connection.close(closeCodes.tryAgainLater, "Tokens cannot be checked now");
    }
    return false;
  }
}

/** The parameters stand for HTTP headers, whose names know no case. */
function authorizationOf(params: Record<string, unknown> = {}): unknown {
  return Object.entries(params).find(([name]) => name.toLowerCase() === "authorization")?.[1];
}

function tooManyOperations(): GraphQLError {
  const message = `At most ${maxOperations} operations may run at once on one connection`;
  return new GraphQLError(message, { extensions: { code: "RATE_LIMITED" } });
}

function executionArgs<TContext extends object>(
  connection: SocketConnection,
  { query, operationName, variables }: SubscribePayload,
  deps: Pick<ServerDependencies<TContext>, "schema" | "makeContext">,
  operations: Operations,
): ExecutionArgs | readonly GraphQLError[] {
  try {
    const document = operations.read(query, operationName);
    if (!("kind" in document)) return document;
    const requestId = connection.nextRequestId();
    const log = connection.log.child({ requestId });
    const contextValue = deps.makeContext({ viewer: connection.viewer, requestId, log, connection });
    return { schema: deps.schema, document, operationName, variableValues: variables, contextValue };
  } catch (error) {
    return [asGraphQLError(error)];
  }
}

/** graphql-js rejects where a resolver returns what it should not: here that is an error of this operation only. */
async function settle(
  run: (args: ExecutionArgs) => OperationResult,
  args: ExecutionArgs,
): Promise<Awaited<OperationResult>> {
  try {
    return await run(args);
  } catch (error) {
    return { errors: [asGraphQLError(error)] };
  }
}

function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}

/** graphql-ws types the same result with optional members that may also be undefined. */
type Loose<T> = { readonly [K in keyof T]: T[K] | undefined };

function presentResult(
  { errors, data, extensions }: Loose<ExecutionResult>,
  connection: SocketConnection,
  operations: Operations,
): FormattedExecutionResult {
  return {
    ...(errors === undefined ? {} : { errors: errors.map((e) => operations.present(e, connection.log)) }),
    ...(data === undefined ? {} : { data }),
    ...(extensions === undefined ? {} : { extensions }),
  };
}
