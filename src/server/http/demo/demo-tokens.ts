import type { FastifyInstance, FastifyRequest } from "fastify";
import type { TokenClaims } from "../../auth/development-secret.js";
import { sendScope } from "../../auth/viewer.js";
import { InvalidInputError } from "../../notifications/errors.js";
import { checkRecipient } from "../../notifications/input.js";
import { mayReceiveDevelopmentToken } from "../security/development-token-access.js";

export interface DemoTokenOptions {
  readonly signToken: (claims: TokenClaims) => Promise<string>;
  /** Short, so that the demo shows how clients renew their tokens. */
  readonly expiresInSeconds: number;
  /** Give tokens only to pages that are opened under a loopback address. */
  readonly loopbackOnly: boolean;
}

/** The user id of the demo's backend. */
const senderId = "demo-sender";

/**
 * Adds GET /demo/token: `?userId=alice` returns a token for that user's own inbox, `?sender=true` one that may send. It takes the
 * place of a real application's login. It exists in development only, and for pages of our own origin only.
 */
export function registerDemoTokens(
  server: FastifyInstance,
  { signToken, expiresInSeconds, loopbackOnly }: DemoTokenOptions,
): void {
  server.get<{ Querystring: Record<string, unknown> }>("/demo/token", async (request, reply) => {
    if (!isFromOwnPage(request) || !mayReceiveDevelopmentToken(request, loopbackOnly)) {
      return reply.code(403).send({ error: "Tokens are given to pages of this origin only" });
    }
    try {
      return { token: await signToken({ ...requestedClaims(request.query), expiresInSeconds }) };
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      return reply.code(400).send({ error: error.message });
    }
  });
}

/** Browsers send the header; other clients do not, and are accepted. */
function isFromOwnPage({ headers }: FastifyRequest): boolean {
  return ["same-origin", undefined].includes(headers["sec-fetch-site"]?.toString());
}

function requestedClaims(query: Record<string, unknown>): Pick<TokenClaims, "userId" | "scopes"> {
  if (query["sender"] === "true") return { userId: senderId, scopes: [sendScope] };
  const { userId } = query;
  if (typeof userId !== "string") throw new InvalidInputError("userId", "must be given once");
  checkRecipient(userId, "userId");
  return { userId, scopes: [] };
}
