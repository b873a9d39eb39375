import type { FastifyInstance, FastifyRequest } from "fastify";
import type { TokenClaims } from "../../auth/development-secret.js";
import { sendScope } from "../../auth/viewer.js";
import { InvalidInputError } from "../../notifications/errors.js";
import { checkUserId } from "../../notifications/input.js";
import { cannotBeRebound } from "../pages/local-host.js";

export interface DemoTokenOptions {
  readonly signToken: (claims: TokenClaims) => Promise<string>;
  /** Short, so that whoever tries the demo sees clients come back with a new one. */
  readonly expiresInSeconds: number;
}

/** By this name the demo's backend sends. */
const sender = "demo-sender";

/**
 * Adds GET /demo/token: `?userId=alice` gives a token for that user's own inbox, `?sender=true` one that may send. It stands in
 * for the login that a real application has, so it is for development only, and for pages of this very origin.
 */
export function registerDemoTokens(
  app: FastifyInstance,
  { signToken, expiresInSeconds }: DemoTokenOptions,
): void {
  app.get<{ Querystring: Record<string, unknown> }>("/demo/token", async (request, reply) => {
    if (!isOwnPage(request)) return reply.code(403).send({ error: "Only pages of this origin get a token" });
    try {
      return { token: await signToken({ ...whoAsks(request.query), expiresInSeconds }) };
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      return reply.code(400).send({ error: error.message });
    }
  });
}

/** Browsers say whose page asks. One that does not, and what is no browser, has to know the service by a local name. */
function isOwnPage({ hostname, headers }: FastifyRequest): boolean {
  return (
    cannotBeRebound(hostname) && ["same-origin", undefined].includes(headers["sec-fetch-site"]?.toString())
  );
}

function whoAsks(query: Record<string, unknown>): Pick<TokenClaims, "userId" | "scopes"> {
  if (query["sender"] === "true") return { userId: sender, scopes: [sendScope] };
  const { userId } = query;
  if (typeof userId !== "string") throw new InvalidInputError("userId", "must be given once");
  checkUserId(userId, "userId");
  return { userId, scopes: [] };
}
