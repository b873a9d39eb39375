import type { FastifyReply } from "fastify";

/** Directives of a Content-Security-Policy by name. */
export type PagePolicy = Readonly<Record<string, string>>;

/** No script but ours, no other host. A page that needs more says so. */
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

/** Marks the answer as a page under the strict policy, with these directives in place of its own. */
export function setPageHeaders(reply: FastifyReply, policy: PagePolicy = {}): FastifyReply {
  const directives = Object.entries({ ...strictPolicy, ...policy });
  return reply
    .type("text/html; charset=utf-8")
    .header("content-security-policy", directives.map((directive) => directive.join(" ")).join("; "))
    .header("cache-control", "no-store")
    .header("cross-origin-opener-policy", "same-origin")
    .header("cross-origin-resource-policy", "same-origin")
    .header("referrer-policy", "no-referrer")
    .header("x-content-type-options", "nosniff");
}
