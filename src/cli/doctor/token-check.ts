import { countJwksKeys } from "../../server/auth/jwks-check.js";
import { resolveDevelopmentTokenAccess } from "../../server/auth/development-token-policy.js";
import type { Config } from "../../server/config/config.js";
import { StartupError } from "../../server/config/startup-error.js";
import { withoutCredentials } from "../../server/telemetry/log.js";
import { describeInOneLine } from "../command-failure.js";
import { type Check, type Finding, ok, problem, warning } from "./finding.js";

/** Reports how tokens are checked, and checks that the keys are available. */
export function checkTokens(config: Config): Check {
  const { auth, dataDirectory } = config;
  return {
    name: "Tokens",
    async run() {
      if (auth.jwksUrl !== null) return [await checkKeys(auth.jwksUrl)];
      if (auth.jwtSecret !== null) return [ok("Tokens: signed with AUTH_JWT_SECRET")];
      return [
        ok(`Tokens: signed with the development secret in ${dataDirectory}`),
        ...(await checkDevelopmentTokens(config)),
      ];
    },
  };
}

/** Warns when anyone can get a development token. */
async function checkDevelopmentTokens(config: Config): Promise<Finding[]> {
  try {
    if ((await resolveDevelopmentTokenAccess(config)) !== "anyone") return [];
    const remedy = "Set AUTH_JWT_SECRET or AUTH_JWKS_URL, unless only trusted users can reach the service";
    return [
      warning("Tokens: anyone who opens the sandbox gets one, because DEVELOPMENT_TOKENS is on", remedy),
    ];
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    return [problem(`Tokens: ${error.message}`, "The service does not start with this configuration")];
  }
}

async function checkKeys(url: string): Promise<Finding> {
  const where = withoutCredentials(url);
  try {
    const count = await countJwksKeys(url);
    if (count > 0) return ok(`Tokens: checked with the keys at ${where}: ${count}`);
    return warning(`Tokens: no key at ${where}`, "All tokens are rejected until the issuer publishes a key");
  } catch (error) {
    return problem(
      `Tokens: the keys at ${where} cannot be read: ${describeInOneLine(error)}`,
      "Correct AUTH_JWKS_URL",
    );
  }
}
