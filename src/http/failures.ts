import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { GraphQLFormattedError } from "graphql";
import type { Log } from "../telemetry/log.js";
import { responseMediaType } from "./media-types.js";
import { internalError } from "./operations.js";

/** The largest body of a request, in bytes: about 1,000 notifications of 1,000 characters each. */
export const maxBodyBytes = 1024 * 1024;

/** What Fastify refuses before GraphQL has a say, in one line for the client. */
const messages: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "The request body is larger than 1 MiB",
  FST_ERR_CTP_INVALID_JSON_BODY: "The request body is not valid JSON",
  FST_ERR_CTP_EMPTY_JSON_BODY: "The request body is empty",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "The request body must be application/json",
};

/** Answers what never reaches a route, or fails outside GraphQL, in GraphQL's shape: clients need to read only one. */
export function registerFailures(server: FastifyInstance, log: Log): void {
  server.setNotFoundHandler((request, reply) => {
    send(request, reply, 404, badRequest("There is nothing at this path"));
  });
  server.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 400 && status < 500) {
      send(request, reply, status, badRequest(messages[error.code] ?? "The request cannot be read"));
      return;
    }
    log.error({ err: error, requestId: request.id }, "a request failed");
    send(request, reply, 500, internalError());
  });
}

function badRequest(message: string): GraphQLFormattedError {
  return { message, extensions: { code: "BAD_REQUEST" } };
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  error: GraphQLFormattedError,
): void {
  const type = responseMediaType(request.headers.accept);
  void reply
    .code(status)
    .type(`${type}; charset=utf-8`)
    .send(JSON.stringify({ errors: [error] }));
}
