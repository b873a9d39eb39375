import { type Config, ConfigError, readConfig } from "../../config.js";
import { CommandFailure } from "../failure.js";
import { colorsFor } from "../style.js";
import { checkBroker } from "./broker.js";
import { checkDatabase } from "./database.js";
import { type Check, type Finding, lineOf, ok, problem, runCheck } from "./finding.js";
import { checkNode } from "./node.js";
import { checkServer, type ServerSought } from "./server.js";
import { checkTokens } from "./tokens.js";

/** How long one check may take, ms: longer than its own limits, which say more. */
const limit = 20_000;

/**
 * Makes the doctor's round, and writes what it finds.
 * @throws CommandFailure when something is to be mended
 */
export async function examine(environment: NodeJS.ProcessEnv, sought: ServerSought): Promise<void> {
  const checks = [...checksOf(environment), checkServer(sought)];
  const colors = colorsFor(process.stdout);
  let problems = 0;
  // All at once, because each may have to wait for an answer that does not come; told in their order.
  for (const round of checks.map((check) => runCheck(check, limit))) {
    const findings = await round;
    for (const finding of findings) process.stdout.write(lineOf(finding, colors));
    problems += findings.filter(({ level }) => level === "problem").length;
  }
  if (problems > 0) throw new CommandFailure(problems === 1 ? "1 problem" : `${problems} problems`);
}

/** Without a configuration that can be read, the services that it would name are not looked at. */
function checksOf(environment: NodeJS.ProcessEnv): readonly Check[] {
  const read = readOrFindings(environment);
  if ("findings" in read) return [checkNode, { name: "Configuration", run: () => read.findings }];
  const { config } = read;
  const well: Check = { name: "Configuration", run: () => [ok("Configuration: every variable can be read")] };
  return [checkNode, well, checkTokens(config), checkDatabase(config), checkBroker(config)];
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
