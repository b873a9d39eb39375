import type { Command } from "commander";
import { addServerOptions } from "../server-options.js";
import type { FollowOptions } from "./follow.js";

const examples = `
Examples:
  $ carillon tail alice
  $ carillon tail alice --json | jq .notification.title
  $ carillon tail alice --cursor-file alice.cursor     goes on there when it is started again

Each event comes once and in order, also when the server restarts or the line breaks; what was missed is made up for.
Events are written to standard output, the state of the connection to standard error. Ctrl-C ends it.`;

/** `carillon tail`: a user's events as they happen. */
export function addTail(program: Command): void {
  const command = program
    .command("tail")
    .description("show a user's events as they happen, and go on after any interruption")
    .argument("<user>", "whose inbox")
    .option("--after <cursor>", "begin after the event of this cursor, not now")
    .option("--cursor-file <file>", "keep the cursor in this file, and begin there; goes before --after")
    .option("--json", "one JSON object a line");
  addServerOptions(command)
    .addHelpText("after", examples)
    .action(async (userId: string, options: FollowOptions) => {
      const { follow } = await import("./follow.js");
      await follow(userId, options);
    });
}
