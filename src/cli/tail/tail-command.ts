import type { Command } from "commander";
import { decodeCursor } from "../../server/notifications/cursor.js";
import { addServerAndTokenOptions } from "../server-option.js";
import type { TailOptions } from "./follow-events.js";

const examples = `
Examples:
  $ carillon tail alice
  $ carillon tail alice --json | jq .notification.title
  $ carillon tail alice --cursor-file alice.cursor     continues at the saved cursor after a restart

Each event is printed once and in order, even if the server restarts or the connection breaks: missed events follow.
Events are written to standard output, the connection state to standard error. Press Ctrl-C to stop.`;

/** `carillon tail`: prints a user's events as they happen. */
export function addTail(program: Command): void {
  const command = program
    .command("tail")
    .description("print a user's events as they happen, and resume after interruptions")
    .argument("<user>", "id of the inbox owner")
    .option("--after <cursor>", "start after the event with this cursor instead of now")
    .option(
      "--cursor-file <file>",
      "save the cursor in this file and start there; takes precedence over --after",
    )
    .option("--json", "print one JSON object per line");
  addServerAndTokenOptions(command)
    .addHelpText("after", examples)
    .action(async (userId: string, options: TailOptions) => {
      if (options.after !== undefined && decodeCursor(userId, options.after) === null) {
        command.error(
          "error: the value of --after is not a cursor of this user. It must be the cursor of an event or of the inbox, " +
            "e.g. from carillon tail --json.",
        );
      }
      const { followEvents } = await import("./follow-events.js");
      await followEvents(userId, options);
    });
}
