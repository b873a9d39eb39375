import type { Command } from "commander";
import { addServerOption, type ServerOption } from "../server-option.js";

const notes = `
It checks the configuration, the database, the broker and, if one runs, the server. It changes nothing.
  ✓ ok    ! warning    ✗ problem (exit code 1)

Examples:
  $ carillon doctor
  $ carillon doctor --server https://notify.example.com`;

/** `carillon doctor`: reports what is wrong with an installation, and what to do. */
export function addDoctor(program: Command): void {
  const command = program
    .command("doctor")
    .description("check configuration, database, broker and server, and say what to do");
  addServerOption(command)
    .addHelpText("after", notes)
    .action(async ({ server }: ServerOption) => {
      const expected = command.getOptionValueSource("server") !== "default";
      const { runChecks } = await import("./run-checks.js");
      await runChecks(process.env, { server, expected });
    });
}
