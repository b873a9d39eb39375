import type { Command } from "commander";

const examples = `
Examples:
  $ carillon serve                       an embedded database in .data, for trying out
  $ DATABASE_URL=postgres://… RABBITMQ_URL=amqp://… carillon serve

It runs until SIGTERM or Ctrl-C. The README lists every variable; carillon doctor checks them.`;

/** `carillon serve`: the service. */
export function addServe(program: Command): void {
  program
    .command("serve")
    .description("run an instance of the service")
    .addHelpText("after", examples)
    .action(async () => {
      const { serve } = await import("../serve.js");
      await serve(process.env);
    });
}
