import { adminScope, sendScope } from "../../src/server/auth/viewer.js";
import type { Issuer } from "../auth/issuer.js";
import { backendToken, token } from "../kit/app.js";

/** Where clients take a token from, anew for each connection and each mutation. */
export interface Tokens {
  user(userId: string): Promise<string>;
  /** Of a backend that may do everything. */
  backend(): Promise<string>;
}

/** Long enough for the longest run, in seconds. */
const longLife = 24 * 60 * 60;

/** One token for each user, which outlives the run. */
export function lastingTokens(): Tokens {
  const users = new Map<string, Promise<string>>();
  const backend = token("backend", `${sendScope} ${adminScope}`, longLife);
  return {
    user(userId) {
      const known = users.get(userId) ?? token(userId, "", longLife);
      users.set(userId, known);
      return known;
    },
    backend: () => backend,
  };
}

/** Users' tokens that expire after so many seconds. */
export function shortTokens(lifetime: () => number): Tokens {
  return { user: (userId) => token(userId, "", lifetime()), backend: backendToken };
}

/** Tokens that this issuer signs, each with the key that is current then. */
export function issuedTokens(issuer: Issuer): Tokens {
  const sign = (sub: string, scope: string): Promise<string> =>
    issuer.sign({ sub, scope, exp: Math.floor(Date.now() / 1000) + longLife });
  return { user: (userId) => sign(userId, ""), backend: () => sign("backend", `${sendScope} ${adminScope}`) };
}
