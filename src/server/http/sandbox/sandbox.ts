/**
 * The sandbox: a GraphQL IDE for a person with a browser, on the path of the API itself. GraphiQL is served wholly from here;
 * Apollo's is for those who ask for it. Both pages are built by src/sandbox.
 *
 * The page is a route of its own with a constraint on the Accept header. Registered before or after the GraphQL route of
 * the same path, it answers page navigations (`Accept: text/html`) and nothing else.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FastifyInstance } from "fastify";
import { packageFile } from "../../config/package-files.js";
import { setPageHeaders } from "../security/security-headers.js";
import { registerFiles } from "../html/static-files.js";
import { mayReceiveDevelopmentToken } from "../security/development-token-access.js";
import { apolloPage } from "./apollo-page.js";
import { withData } from "./data-block.js";
import { readExamples } from "./examples.js";
import { graphiqlPage } from "./graphiql-page.js";

export interface SandboxOptions {
  readonly kind: "graphiql" | "apollo";
  /** Where GraphQL is served, over HTTP and WebSocket. */
  readonly path: string;
  /** Makes the token that a page is filled with; null: the developer supplies one. */
  readonly developmentToken: (() => Promise<string>) | null;
  /** Give it only to pages that are opened under a loopback address. */
  readonly loopbackOnly: boolean;
}

const builtFiles = fileURLToPath(packageFile("src/sandbox/dist/"));

const pages = { graphiql: graphiqlPage, apollo: apolloPage };

/** Serves the sandbox to browsers at `path`, and its files below `path`/sandbox/assets/. */
export async function registerSandbox(
  app: FastifyInstance,
  { kind, path, developmentToken, loopbackOnly }: SandboxOptions,
): Promise<void> {
  addPageConstraint(app);
  const constraints = { page: "html" };
  if (!existsSync(builtFiles)) {
    app.get(path, { constraints }, (_request, reply) =>
      reply.code(404).send("The sandbox is not built. Run: npm run build\n"),
    );
    return;
  }
  const { file, policy, dataOf } = pages[kind];
  const [page, examples] = await Promise.all([readFile(join(builtFiles, file), "utf8"), readExamples()]);
  app.get(path, { constraints }, async (request, reply) => {
    const token = mayReceiveDevelopmentToken(request, loopbackOnly) ? await developmentToken?.() : undefined;
    return setPageHeaders(reply, policy)
      .header("vary", "accept")
      .send(withData(page, dataOf({ path, examples, token: token ?? null })));
  });
  registerFiles(app, `${path}/sandbox/assets/`, join(builtFiles, "assets"));
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
