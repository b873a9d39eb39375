import type { FastifyInstance } from "fastify";

/** For everything that is served; a route may set its own instead. */
const common = {
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** For an API, whose answers are data and never a page (OWASP REST Security Cheat Sheet, "Security Headers"). */
const dataOnly = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "x-frame-options": "DENY",
};

/** Strict-Transport-Security is left to the proxy that ends TLS, which alone knows whether there is TLS. */
export function addSecurityHeaders(server: FastifyInstance): void {
  server.addHook("onRequest", async (_request, reply) => {
    reply.headers(common);
  });
}

export function addDataHeaders(server: FastifyInstance): void {
  server.addHook("onRequest", async (_request, reply) => {
    reply.headers(dataOnly);
  });
}
