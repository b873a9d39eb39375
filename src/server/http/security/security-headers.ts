import { fastifyHelmet, type FastifyHelmetOptions } from "@fastify/helmet";
import type { FastifyInstance, FastifyReply } from "fastify";

/**
 * Headers of every response. They suit an API, whose responses are data and never a page (OWASP REST Security Cheat Sheet, "Security
 * Headers"). A page sets its own policy with `setPageHeaders`.
 */
const dataHeaders: FastifyHelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { "default-src": "'none'", "frame-ancestors": "'none'" },
  },
  crossOriginResourcePolicy: { policy: "same-origin" },
  frameguard: { action: "deny" },
  referrerPolicy: { policy: "no-referrer" },
  // Set by the proxy that terminates TLS: the server does not know whether there is TLS.
  strictTransportSecurity: false,
};

export async function registerSecurityHeaders(server: FastifyInstance): Promise<void> {
  await server.register(fastifyHelmet, dataHeaders);
  server.addHook("onRequest", async (_request, reply) => {
    reply.header("cache-control", "no-store");
  });
}

/** Directives of a Content-Security-Policy by name. */
export type PagePolicy = Readonly<Record<string, string>>;

/** Allows scripts and other resources of our own origin only. */
const strictPolicy: PagePolicy = {
  "default-src": "'none'",
  "script-src": "'self'",
  "style-src": "'self'",
  "img-src": "'self' data:",
  "font-src": "'self'",
  "connect-src": "'self'",
  "base-uri": "'self'",
  "form-action": "'none'",
  "frame-ancestors": "'none'",
};

/** Makes the response an HTML page under the strict policy, in which `policy` replaces directives. */
export function setPageHeaders(reply: FastifyReply, policy: PagePolicy = {}): FastifyReply {
  reply.helmet({ contentSecurityPolicy: { useDefaults: false, directives: { ...strictPolicy, ...policy } } });
  return reply.type("text/html; charset=utf-8");
}
