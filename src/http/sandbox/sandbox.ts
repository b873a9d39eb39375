/**
 * The sandbox: a GraphQL IDE (Altair) for a person with a browser, on the path of the API itself. It is served wholly from
 * here, so it works without the internet; its policy lets it talk to no other host.
 *
 * The page is a route of its own with a constraint on the Accept header. Registered before or after the GraphQL route of
 * the same path, it answers page navigations (`Accept: text/html`) and nothing else.
 */
import { isIP } from "node:net";
import type { FastifyInstance, FastifyReply } from "fastify";
import { listAssets } from "./assets.js";
import { readExamples } from "./examples.js";
import { renderPage } from "./page.js";

export interface SandboxOptions {
  /** Where GraphQL is served, over HTTP and WebSocket. */
  readonly path: string;
  /** Makes the token that a page is filled with; null: whoever opens the page brings their own. */
  readonly developmentToken: (() => Promise<string>) | null;
}

/** Serves the sandbox to browsers at `path`, and its files below it. */
export async function registerSandbox(
  app: FastifyInstance,
  { path, developmentToken }: SandboxOptions,
): Promise<void> {
  const [assets, examples] = await Promise.all([listAssets(), readExamples()]);
  const base = `${path}/sandbox/${assets.version}/`;

  addPageConstraint(app);
  app.get(path, { constraints: { page: "html" } }, async (request, reply) => {
    const token = cannotBeRebound(request.hostname) ? await developmentToken?.() : undefined;
    return setPageHeaders(reply).send(renderPage({ path, base, examples, token: token ?? null }));
  });

  app.get<{ Params: { "*": string } }>(`${base}*`, async (request, reply) => {
    const asset = await assets.read(request.params["*"]);
    if (asset === null) return reply.callNotFound();
    return reply
      .header("cache-control", "public, max-age=31536000, immutable")
      .header("cross-origin-resource-policy", "same-origin")
      .header("x-content-type-options", "nosniff")
      .type(asset.contentType)
      .send(asset.body);
  });
}

type Handlers = Map<unknown, Parameters<ReturnType<ConstraintStrategy["storage"]>["set"]>[1]>;
type ConstraintStrategy = Parameters<FastifyInstance["addConstraintStrategy"]>[0];

/** Lets a route ask for page navigations; a route that does not ask gets all that no other route took. */
function addPageConstraint(app: FastifyInstance): void {
  app.addConstraintStrategy({
    name: "page",
    storage() {
      const handlers: Handlers = new Map();
      return {
        get: (value) => handlers.get(value) ?? null,
        set: (value, handler) => void handlers.set(value, handler),
      };
    },
    deriveConstraint: (request) => (request.headers.accept?.includes("text/html") ? "html" : undefined),
    mustMatchWhenDerived: false,
  });
}

/**
 * Is the host one that no attacker's DNS can point here? A name of theirs that resolves to this machine would make their
 * page same-origin with ours, and hand them the token.
 */
function cannotBeRebound(hostname: string): boolean {
  const name = hostname.replace(/^\[(.*)\]$/, "$1");
  return name === "localhost" || name.endsWith(".localhost") || isIP(name) !== 0;
}

/** No script but ours, no other host. Styles stay open: Altair and its editor make them as they go, most without a nonce. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

function setPageHeaders(reply: FastifyReply): FastifyReply {
  return reply
    .type("text/html; charset=utf-8")
    .header("content-security-policy", pagePolicy)
    .header("cache-control", "no-store")
    .header("cross-origin-opener-policy", "same-origin")
    .header("cross-origin-resource-policy", "same-origin")
    .header("referrer-policy", "no-referrer")
    .header("vary", "accept")
    .header("x-content-type-options", "nosniff");
}
