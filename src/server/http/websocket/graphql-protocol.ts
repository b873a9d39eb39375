import {
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  subscribe,
} from "graphql";
import {
  MessageType,
  makeServer,
  type OperationResult,
  type Server,
  type SubscribePayload,
} from "graphql-ws";
import { InvalidTokenError } from "../../auth/auth-errors.js";
import { restoreInexactNumbers } from "../../validation/json.js";
import { authenticateBearer } from "../bearer-authentication.js";
import { closeCodes } from "./close-codes.js";
import { readAuthorization, tokenRequired } from "./connection-params.js";
import type { ServerOptions } from "../server-options.js";
import type { OperationValidation } from "../operations/operation-validation.js";
import type { WebSocketConnection } from "./websocket-connection.js";
import { createConnectionThrottle } from "./connection-throttle.js";

/** Milliseconds until a socket without `connection_init` is closed with 4408. */
const initTimeout = 3000;

/** Sockets that are authenticated per tick of the event loop: thousands that reconnect at once must not delay live events. */
const authenticationsPerTick = 20;

/** The maximum number of concurrent operations on one socket; a tab needs one or two. */
const maxOperations = 100;

/** The longest ping payload that the pong repeats, in UTF-16 code units of its JSON. */
const maxPongPayload = 1024;

/**
 * GraphQL over WebSocket (graphql-transport-ws), for queries and mutations as well as subscriptions. Limits and error masking are the same
 * as over HTTP. Hooks must not throw: graphql-ws would close the socket with 4500, after which clients do not reconnect.
 */
export function createWebSocketProtocol<TContext extends object>(
  options: ServerOptions<TContext>,
  operations: OperationValidation,
): Server<WebSocketConnection> {
  const throttle = createConnectionThrottle(authenticationsPerTick);
  return makeServer<Record<string, unknown> | undefined, WebSocketConnection>({
    connectionInitWaitTimeout: initTimeout,
    onConnect: async ({ extra, connectionParams }) => {
      extra.markTokenReceived();
      await throttle();
      return authenticate(extra, connectionParams, options);
    },
    onSubscribe: ({ extra, subscriptions }, _id, payload) => {
      if (Object.keys(subscriptions).length > maxOperations) return [tooManyOperations()];
      return executionArgs(extra, payload, options, operations);
    },
    execute: (args) => runOperation(execute, args, operations),
    subscribe: (args) => runOperation(subscribe, args, operations),
    onNext: ({ extra }, _id, _payload, _args, result) => formatResult(result, extra, operations),
    onError: ({ extra }, _id, _payload, errors) => errors.map((e) => operations.formatError(e, extra.log)),
  });
}

/** Authenticates the socket, or closes it. With false graphql-ws sends no acknowledgement; its own close has no effect. */
async function authenticate(
  connection: WebSocketConnection,
  params: Record<string, unknown> | undefined,
  { verifyToken }: Pick<ServerOptions<object>, "verifyToken">,
): Promise<boolean> {
  try {
    const viewer = await authenticateBearer(readAuthorization(params), verifyToken);
    if (viewer === null) throw new InvalidTokenError(tokenRequired);
    // The verifier's clock tolerance accepts tokens whose expiry would close the socket immediately.
    if (viewer.expiresAt <= Date.now()) throw new InvalidTokenError("The token has expired");
    connection.authenticate(viewer);
    return true;
  } catch (error) {
    if (error instanceof InvalidTokenError) {
      connection.close(closeCodes.unauthorized, error.message);
    } else {
      connection.log.error({ err: error }, "token check failed");
      connection.close(closeCodes.tryAgainLater, "Tokens cannot be checked at the moment; try again later");
    }
    return false;
  }
}

/** The pong for a ping. It repeats the payload, as some clients expect, if that is short and the socket is authenticated. */
export function createPong(payload: unknown, { viewer }: WebSocketConnection): string {
  const ping = { payload };
  restoreInexactNumbers(ping);
  const pong = viewer === null || payload === undefined ? {} : shortCopy(ping.payload);
  return JSON.stringify({ type: MessageType.Pong, ...pong });
}

function shortCopy(payload: unknown): { readonly payload?: unknown } {
  try {
    return JSON.stringify(payload).length <= maxPongPayload ? { payload } : {};
  } catch {
    // JSON.stringify fails for deeply nested values.
    return {};
  }
}

function tooManyOperations(): GraphQLError {
  const message = `At most ${maxOperations} operations may run concurrently on one connection`;
  return new GraphQLError(message, { extensions: { code: "RATE_LIMITED" } });
}

function executionArgs<TContext extends object>(
  connection: WebSocketConnection,
  { query, operationName, variables }: SubscribePayload,
  options: Pick<ServerOptions<TContext>, "schema" | "createContext">,
  operations: OperationValidation,
): ExecutionArgs | readonly GraphQLError[] {
  try {
    // websocket-endpoint.ts has marked them in the text of the message.
    restoreInexactNumbers(variables ?? {});
    const document = operations.parseAndValidate(query, operationName);
    if (!("kind" in document)) return document;
    const requestId = connection.nextRequestId();
    const log = connection.log.child({ requestId });
    const contextValue = options.createContext({ viewer: connection.viewer, requestId, log, connection });
    return { schema: options.schema, document, operationName, variableValues: variables, contextValue };
  } catch (error) {
    return [asGraphQLError(error)];
  }
}

/** Executes an operation. graphql-js rejects when a resolver returns an invalid value; here the error is confined to the operation. */
async function runOperation(
  run: (args: ExecutionArgs) => OperationResult,
  args: ExecutionArgs,
  operations: OperationValidation,
): Promise<Awaited<OperationResult>> {
  try {
    const errors = operations.checkVariables(args.document, args.operationName, args.variableValues);
    if (errors.length > 0) return { errors };
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

/** graphql-ws types the members of a result as possibly undefined. */
type Loose<T> = { readonly [K in keyof T]: T[K] | undefined };

function formatResult(
  { errors, data, extensions }: Loose<ExecutionResult>,
  connection: WebSocketConnection,
  operations: OperationValidation,
): FormattedExecutionResult {
  return {
    ...(errors === undefined ? {} : { errors: errors.map((e) => operations.formatError(e, connection.log)) }),
    ...(data === undefined ? {} : { data }),
    ...(extensions === undefined ? {} : { extensions }),
  };
}
