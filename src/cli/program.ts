import { Command, CommanderError } from "commander";
import { ConfigError } from "../server/config/config.js";
import { StartupError } from "../server/config/startup-error.js";
import { readVersion } from "../server/config/version.js";
import { addDoctor } from "./doctor/doctor-command.js";
import { CommandFailure, exitCodes, describeInOneLine } from "./command-failure.js";
import { addMigrate, addNewEpoch } from "./database-commands.js";
import { addSend } from "./send-command.js";
import { addServe } from "./serve-command.js";
import { colorsFor } from "./terminal-text.js";
import { addTail } from "./tail/tail-command.js";
import { addToken } from "./token-command.js";

const notes = `
The commands read the same environment variables as the service. send, tail and doctor connect to a server:
  CARILLON_URL     its URL (unset: the HOST and PORT that carillon serve would use, http://127.0.0.1:4000)
  CARILLON_TOKEN   the token to send (unset: one is signed with AUTH_JWT_SECRET or the development secret in DATA_DIR)

In the folder of a clone, or where the package is installed, run: npx --no-install carillon <command>
Without --no-install, npx in any other folder asks the npm registry for a package of this name, which is not this project.

Exit codes: 0 success, 1 failure, 2 wrong usage.`;

/**
 * Runs the command that the arguments name. Each command has its own file: it adds itself to the program, imports large modules
 * only when it runs, and throws when it fails.
 * @returns the exit code
 */
export async function run(argv: readonly string[]): Promise<number> {
  const program = new Command("carillon")
    .description("Self-hosted real-time notifications")
    .version(readVersion())
    .addHelpText("after", notes)
    .showHelpAfterError("Add --help for usage.")
    .exitOverride();
  for (const add of [addServe, addToken, addSend, addTail, addDoctor, addMigrate, addNewEpoch]) add(program);
  try {
    await program.parseAsync(argv);
    return exitCodes.done;
  } catch (error) {
    // commander has printed the error already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUsage;
    process.stderr.write(`${colorsFor(process.stderr).red(explain(error))}\n`);
    return exitCodes.failed;
  }
}

function explain(error: unknown): string {
  const isForUser =
    error instanceof ConfigError || error instanceof CommandFailure || error instanceof StartupError;
  return isForUser ? error.message : describeInOneLine(error);
}
