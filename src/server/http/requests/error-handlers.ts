import type {
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  FastifyServerOptions,
} from "fastify";
import type { GraphQLFormattedError } from "graphql";
import type { Log } from "../../telemetry/log.js";
import { loggablePath } from "./access-log.js";
import { responseMediaType } from "./media-types.js";
import { UnreadableRequestError } from "./json-body.js";
import { internalError } from "../operations/operation-validation.js";
import { checkHeaders } from "./header-check.js";

/** The largest body of a request, in bytes: about 1,000 notifications of 1,000 characters each. */
export const maxBodyBytes = 1024 * 1024;

/** Messages for the requests that Fastify rejects before they reach GraphQL. */
const rejections: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "The request body is larger than 1 MiB",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "The request body must be application/json",
};

/** Answers requests that reach no route or fail outside GraphQL. All responses have GraphQL's shape, so that clients parse only one. */
export function registerErrorHandlers(server: FastifyInstance, log: Log): void {
  server.addHook("onRequest", async (request, reply) => {
    const error = checkHeaders(request.raw);
    // HTTP/1.0 requires no Host. Code that reads it anyway gets a reserved name (RFC 2606, section 2).
    request.raw.headers.host ??= "host.invalid";
    if (error === null) return undefined;
    send(request, reply, error.status, badRequest(error.message));
    return reply;
  });
  server.setNotFoundHandler((request, reply) => {
    send(request, reply, 404, badRequest("No resource exists at this path"));
  });
  server.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 400 && status < 500) {
      send(request, reply, status, badRequest(messageFor(error)));
      return;
    }
    log.error({ err: error, requestId: request.id }, "request failed");
    send(request, reply, 500, internalError());
  });
}

function messageFor(error: FastifyError): string {
  if (error instanceof UnreadableRequestError) return error.message;
  return rejections[error.code] ?? "The request cannot be read";
}

/** Answers a request whose URL cannot be decoded. Fastify runs no hooks for it, so the access log line is written here. */
export function handleUndecodableUrl(log: Log): NonNullable<FastifyServerOptions["frameworkErrors"]> {
  return ({ statusCode: status = 400 }, { id: requestId, method, raw, headers }, reply) => {
    const path = loggablePath(raw.url);
    log.info({ requestId, method, path, status }, "request");
    send({ headers }, reply, status, badRequest("The URL cannot be decoded"));
  };
}

function badRequest(message: string): GraphQLFormattedError {
  return { message, extensions: { code: "BAD_REQUEST" } };
}

function send(
  request: Pick<FastifyRequest, "headers">,
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
