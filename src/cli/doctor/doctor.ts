import type { Command } from "commander";
import { type Config, ConfigError, readConfig } from "../../config.js";
import { CommandFailure } from "../failure.js";
import { addServerOption, type ServerOptions } from "../server-options.js";
import { colorsFor } from "../style.js";
import { checkBroker } from "./broker.js";
import { checkDatabase } from "./database.js";
import { type Check, type Finding, lineOf, ok, problem, runCheck } from "./finding.js";
import { checkNode } from "./node.js";
import { checkServer } from "./server.js";
import { checkTokens } from "./tokens.js";

/** How long one check may take, ms: longer than its own limits, which say more. */
const limit = 20_000;

const notes = `
It looks at the configuration, the database, the broker, and the server if one runs, and changes nothing.
  ✓ well    ! to be known    ✗ to be mended: the exit code is 1 then

Examples:
  $ carillon doctor
  $ carillon doctor --server https://notify.example.com`;

/** `carillon doctor`: tells what is wrong with an installation, and what to do. */
export function addDoctor(program: Command): void {
  const command = program
    .command("doctor")
    .description("check configuration, database, broker and server, and say what to do");
  addServerOption(command)
    .addHelpText("after", notes)
    .action(async ({ server }: ServerOptions) => {
      const expected = command.getOptionValueSource("server") !== "default";
      await examine([...checksOf(process.env), checkServer(server, expected)]);
    });
}

async function examine(checks: readonly Check[]): Promise<void> {
  const colors = colorsFor(process.stdout);
  let problems = 0;
  for (const check of checks) {
    const findings = await runCheck(check, limit);
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
