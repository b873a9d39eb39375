import type { App } from "./app.js";
import { type Config, ConfigError, readConfig } from "./config/config.js";
import { StartupError } from "./config/startup-error.js";
import { installGracefulShutdown } from "./graceful-shutdown.js";
import { createLog, type Log } from "./telemetry/log.js";

/** Runs an instance in this process until it is stopped, and then ends the process. */
export async function serve(environment: NodeJS.ProcessEnv): Promise<void> {
  const config = readConfigOrExit(environment);
  const log = createLog(config.logLevel);
  let app: App | null = null;
  installGracefulShutdown(() => app, log);
  try {
    // Imported only now, so that an invalid variable is reported without delay.
    const { startApp } = await import("./app.js");
    app = await startApp(config, log);
    process.stdout.write(greeting(app));
  } catch (error) {
    exitWithStartupError(error, log);
  }
}

/** Reports why the instance cannot start: in one line, and with a stack in the log only for unexpected errors. */
function exitWithStartupError(error: unknown, log: Log): never {
  const reason = error instanceof Error ? error.message : String(error);
  log.fatal(error instanceof StartupError ? { reason } : { err: error }, "Carillon cannot start");
  process.stderr.write(`Carillon cannot start: ${reason}\n`);
  process.exit(1);
}

function readConfigOrExit(environment: NodeJS.ProcessEnv): Config {
  try {
    return readConfig(environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

function greeting({ url, demo, developmentToken }: App): string {
  const lines = [`Carillon is ready at ${url}/graphql`];
  if (demo) lines.push(`Demo: ${url}/`);
  if (developmentToken !== null) {
    lines.push(
      "Sandbox: open the first address in a browser. It is set up with this token of the user alice, with the scopes to send and to administer:",
    );
    lines.push(developmentToken);
  }
  return `\n${lines.join("\n\n")}\n\n`;
}
