import type { FastifyInstance } from "fastify";
import type { Log } from "../../telemetry/log.js";

/**
 * Gives each request an id (`x-request-id`) and logs one line when it is answered. The line contains the path, but neither the
 * query string nor headers, which may contain tokens and operations (OWASP Logging Cheat Sheet). Health probes are logged
 * at debug level.
 */
export function registerAccessLog(server: FastifyInstance, log: Log): void {
  server.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });

  server.addHook("onResponse", async (request, reply) => {
    const path = loggablePath(request.url);
    const line = {
      requestId: request.id,
      method: request.method,
      path,
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime * 10) / 10,
    };
    if (path.startsWith("/health/")) log.debug(line, "request");
    else log.info(line, "request");
  });
}

/** The path of a URL without its query string, which may contain operations and tokens. */
export function loggablePath(url = ""): string {
  return (url.split("?", 1)[0] ?? "").slice(0, 200);
}
