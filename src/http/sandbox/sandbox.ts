/**
 * The sandbox: a GraphQL IDE for a person with a browser, on the path of the API itself. Altair is served wholly from here, so
 * it works without the internet; its policy lets it talk to no other host. Apollo's is for those who ask for it.
 *
 * The page is a route of its own with a constraint on the Accept header. Registered before or after the GraphQL route of
 * the same path, it answers page navigations (`Accept: text/html`) and nothing else.
 */
import { fileURLToPath } from "node:url";
import { getDistDirectory } from "altair-static";
import type { FastifyInstance } from "fastify";
import { cannotBeRebound } from "../pages/local-host.js";
import { type PagePolicy, setPageHeaders } from "../pages/page-headers.js";
import { listFiles, registerFiles } from "../pages/static-files.js";
import { apolloPolicy, renderApolloPage } from "./apollo-page.js";
import { readExamples } from "./examples.js";
import { renderPage } from "./page.js";

export interface SandboxOptions {
  readonly kind: "altair" | "apollo";
  /** Where GraphQL is served, over HTTP and WebSocket. */
  readonly path: string;
  /** Makes the token that a page is filled with; null: whoever opens the page brings their own. */
  readonly developmentToken: (() => Promise<string>) | null;
}

// Served as they are written, from src/ also when this module runs in dist/.
const ownFiles = fileURLToPath(new URL("../../../src/http/sandbox/browser/", import.meta.url));

/** Styles stay open: Altair and its editor make them as they go, most without a nonce. */
const altairPolicy: PagePolicy = { "style-src": "'self' 'unsafe-inline'", "worker-src": "'self'" };

/** Serves the sandbox to browsers at `path`, and its files below it. */
export async function registerSandbox(
  app: FastifyInstance,
  { kind, path, developmentToken }: SandboxOptions,
): Promise<void> {
  const [files, examples] = await Promise.all([
    listFiles({ "": getDistDirectory(), "carillon/": ownFiles }),
    readExamples(),
  ]);
  const base = `${path}/sandbox/${files.version}/`;

  const [render, policy] = kind === "apollo" ? [renderApolloPage, apolloPolicy] : [renderPage, altairPolicy];

  addPageConstraint(app);
  app.get(path, { constraints: { page: "html" } }, async (request, reply) => {
    const token = cannotBeRebound(request.hostname) ? await developmentToken?.() : undefined;
    return setPageHeaders(reply, policy)
      .header("vary", "accept")
      .send(render({ path, base, examples, token: token ?? null }));
  });
  registerFiles(app, base, files);
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
