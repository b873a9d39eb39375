import { lookup } from "node:dns/promises";
import ipaddr from "ipaddr.js";
import type { Config } from "../config/config.js";
import { StartupError } from "../config/startup-error.js";

/**
 * Who may receive development tokens. One of them can read and change every inbox.
 * - `none`: tokens are issued elsewhere
 * - `this-machine`: the service listens on a loopback address, so only this machine can request one
 * - `anyone`: DEVELOPMENT_TOKENS is on
 */
export type DevelopmentTokenAccess = "none" | "this-machine" | "anyone";

/**
 * Decides who may receive development tokens. They are given out if neither a secret nor keys are configured, and either no other machine can
 * reach the service or the operator allows it.
 * @throws StartupError when other machines can reach the service and nothing says how tokens are checked
 */
export async function resolveDevelopmentTokenAccess(
  config: Pick<Config, "auth" | "developmentTokens" | "host" | "production" | "roles">,
): Promise<DevelopmentTokenAccess> {
  const { auth, developmentTokens, host, production, roles } = config;
  const isConfigured = auth.jwtSecret !== null || auth.jwksUrl !== null;
  if (isConfigured || production || !roles.has("api") || developmentTokens === "off") return "none";
  if (developmentTokens === "on") return "anyone";
  if (await isLoopback(host)) return "this-machine";
  throw new StartupError(
    `HOST ${host} can be reached from other machines, and nothing says how tokens are checked: ` +
      "set AUTH_JWT_SECRET or AUTH_JWKS_URL, or HOST=127.0.0.1, or DEVELOPMENT_TOKENS=on if everyone who can reach it may be an administrator",
  );
}

/** Whether all addresses of this host are loopback addresses. The wildcard addresses are not. */
async function isLoopback(host: string): Promise<boolean> {
  const found = await lookup(host, { all: true }).catch((error: unknown) => {
    throw new StartupError(`HOST ${host} is unknown: set HOST to an address of this machine`, {
      cause: error,
    });
  });
  return found.every(({ address }) => ipaddr.process(address).range() === "loopback");
}
