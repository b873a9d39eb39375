import { Command, CommanderError } from "commander";
import { ConfigError } from "../config.js";
import { readVersion } from "../version.js";
import { addDoctor } from "./doctor/doctor.js";
import { CommandFailure, exitCodes, inOneLine } from "./failure.js";
import { addMigrate, addNewEpoch } from "./maintenance.js";
import { addSend } from "./send.js";
import { addServe } from "./serve.js";
import { colorsFor } from "./style.js";
import { addTail } from "./tail/tail.js";
import { addToken } from "./token.js";

const notes = `
The commands read the same environment variables as the service. send and tail ask a server over the network:
  CARILLON_URL     where it is (http://127.0.0.1:4000)
  CARILLON_TOKEN   the token to show; unset: one is signed with AUTH_JWT_SECRET or the development secret in DATA_DIR

Exit codes: 0 done, 1 it could not be done, 2 wrong usage.`;

/**
 * Runs the command that the arguments name. Each is a file of its own: it adds itself to the program, loads what is large
 * only when it is called, and throws what it cannot do.
 * @returns the exit code
 */
export async function run(argv: readonly string[]): Promise<number> {
  const program = new Command("carillon")
    .description("Self-hosted real-time notifications")
    .version(readVersion())
    .addHelpText("after", notes)
    .showHelpAfterError("Add --help to see how it is used.")
    .exitOverride();
  for (const add of [addServe, addToken, addSend, addTail, addDoctor, addMigrate, addNewEpoch]) add(program);
  try {
    await program.parseAsync(argv);
    return exitCodes.done;
  } catch (error) {
    // commander has said it already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUsage;
    process.stderr.write(`${colorsFor(process.stderr).red(explain(error))}\n`);
    return exitCodes.failed;
  }
}

function explain(error: unknown): string {
  return error instanceof ConfigError || error instanceof CommandFailure ? error.message : inOneLine(error);
}
