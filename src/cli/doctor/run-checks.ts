import { type Config, ConfigError, readConfig } from "../../server/config/config.js";
import { CommandFailure } from "../command-failure.js";
import { colorsFor } from "../terminal-text.js";
import { checkBroker } from "./broker-check.js";
import { checkDatabase } from "./database-check.js";
import { type Check, type Finding, formatFinding, ok, problem, runCheck } from "./finding.js";
import { checkNode } from "./node-check.js";
import { checkServer, type ServerTarget } from "./server-check.js";
import { checkTokens } from "./token-check.js";

/** Milliseconds for one check. It is longer than the checks' own time limits, whose messages are more specific. */
const timeLimit = 20_000;

/**
 * Runs all checks and prints their findings.
 * @throws CommandFailure when there is a problem
 */
export async function runChecks(environment: NodeJS.ProcessEnv, sought: ServerTarget): Promise<void> {
  const checks = [...checksOf(environment), checkServer(sought)];
  const colors = colorsFor(process.stdout);
  let problems = 0;
  // The checks run concurrently, because each may have to wait for its time limit. Their findings are printed in order.
  for (const check of checks.map((check) => runCheck(check, timeLimit))) {
    const findings = await check;
    for (const finding of findings) process.stdout.write(formatFinding(finding, colors));
    problems += findings.filter(({ level }) => level === "problem").length;
  }
  if (problems > 0) throw new CommandFailure(problems === 1 ? "1 problem" : `${problems} problems`);
}

/** If the configuration is invalid, the database and the broker that it names are not checked. */
function checksOf(environment: NodeJS.ProcessEnv): readonly Check[] {
  const read = readOrFindings(environment);
  if ("findings" in read) return [checkNode, { name: "Configuration", run: () => read.findings }];
  const { config } = read;
  const configuration: Check = {
    name: "Configuration",
    run: () => [ok("Configuration: all variables are valid")],
  };
  return [checkNode, configuration, checkTokens(config), checkDatabase(config), checkBroker(config)];
}

function readOrFindings(
  environment: NodeJS.ProcessEnv,
): { readonly config: Config } | { readonly findings: Finding[] } {
  try {
    return { config: readConfig(environment) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const lines = error.message.split("\n");
    return { findings: lines.map((line) => problem(`Configuration: ${line}`, "Correct the variable")) };
  }
}
