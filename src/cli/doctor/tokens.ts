import { z } from "zod";
import type { Config } from "../../config.js";
import { withoutCredentials } from "../../telemetry/log.js";
import { inOneLine } from "../failure.js";
import { type Check, type Finding, ok, problem, warning } from "./finding.js";

/** ms */
const timeout = 5000;

const keySet = z.object({ keys: z.array(z.unknown()) });

/** How are tokens checked, and are the keys for it within reach? */
export function checkTokens({ auth, dataDirectory }: Config): Check {
  return {
    name: "Tokens",
    async run() {
      if (auth.jwksUrl !== null) return [await checkKeys(auth.jwksUrl)];
      if (auth.jwtSecret !== null) return [ok("Tokens: signed with AUTH_JWT_SECRET")];
      return [ok(`Tokens: signed with the development secret in ${dataDirectory}`)];
    },
  };
}

async function checkKeys(url: string): Promise<Finding> {
  const where = withoutCredentials(url);
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeout) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const { keys } = keySet.parse(await response.json());
    if (keys.length > 0) return ok(`Tokens: checked with the keys at ${where}: ${keys.length}`);
    return warning(`Tokens: no key at ${where}`, "No token is valid until its issuer publishes a key");
  } catch (error) {
    const isForeign = error instanceof z.ZodError || error instanceof SyntaxError;
    const reason = isForeign ? "the answer is no JWKS" : inOneLine(error);
    return problem(`Tokens: the keys at ${where} cannot be read: ${reason}`, "Correct AUTH_JWKS_URL");
  }
}
