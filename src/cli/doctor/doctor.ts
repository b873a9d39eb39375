import type { Command } from "commander";
import { addServerOption, type ServerOptions } from "../server-options.js";

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
      const { examine } = await import("./examine.js");
      await examine(process.env, { server, expected });
    });
}
