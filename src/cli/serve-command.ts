import type { Command } from "commander";

const examples = `
Examples:
  $ carillon serve                       with an embedded database in .data, for development
  $ DATABASE_URL=postgres://… RABBITMQ_URL=amqp://… carillon serve

It runs until SIGTERM or Ctrl-C. docs/configuration.md lists all variables; carillon doctor checks them.`;

/** `carillon serve`: runs the service. */
export function addServe(program: Command): void {
  program
    .command("serve")
    .description("run an instance of the service")
    .addHelpText("after", examples)
    .action(async () => {
      const { serve } = await import("../server/serve.js");
      await serve(process.env);
    });
}
