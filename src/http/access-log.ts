import type { FastifyInstance } from "fastify";
import type { Log } from "../telemetry/log.js";

/** The requests that are being answered. */
export interface Traffic {
  readonly running: number;
  /** Resolves as soon as none is being answered. */
  idle(): Promise<void>;
}

/**
 * Gives every request an id (`x-request-id`), one line in the log once it is answered, and counts those under way. The line
 * has the path and never the query string or a header, where tokens and operations would stand (OWASP Logging Cheat
 * Sheet). Probes of the health endpoints are logged at debug level.
 */
export function registerAccessLog(server: FastifyInstance, log: Log): Traffic {
  let running = 0;
  let waiting: (() => void)[] = [];

  server.addHook("onRequest", async (request, reply) => {
    running += 1;
    reply.raw.once("close", finish);
    reply.header("x-request-id", request.id);
  });

  server.addHook("onResponse", async (request, reply) => {
    const path = request.url.split("?", 1)[0] ?? "";
    const line = {
      requestId: request.id,
      method: request.method,
      path: path.slice(0, 200),
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime * 10) / 10,
    };
    if (path.startsWith("/health/")) log.debug(line, "request");
    else log.info(line, "request");
  });

  /** A response is closed once: when it was sent, or when its client went away. */
  function finish(): void {
    running -= 1;
    if (running > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  }

  return {
    get running() {
      return running;
    },
    async idle() {
      if (running === 0) return;
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
    },
  };
}
