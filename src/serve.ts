import { type App, startApp } from "./app.js";
import { type Config, ConfigError, readConfig } from "./config.js";
import { createLog, type Log } from "./telemetry/log.js";

/** An orderly stop takes less; after that, the process ends as it is. Milliseconds. */
const stopTimeout = 20_000;

/** Runs an instance in this process until it is told to stop, and then ends the process: the program itself. */
export async function serve(environment: NodeJS.ProcessEnv): Promise<void> {
  const config = readConfigOrExit(environment);
  const log = createLog(config.logLevel);
  try {
    const app = await startApp(config, log);
    process.stdout.write(greeting(app));
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.once(signal, () => void stop(app, log, signal));
    }
  } catch (error) {
    log.fatal({ err: error }, "Carillon cannot start");
    process.stderr.write(
      `Carillon cannot start: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exit(1);
  }
}

/** Ends in order; a second signal, or the time limit, ends at once. */
async function stop(app: AsyncDisposable, log: Log, signal: NodeJS.Signals): Promise<void> {
  log.info({ signal }, "Carillon stops");
  for (const again of ["SIGTERM", "SIGINT"] as const) process.once(again, () => process.exit(1));
  setTimeout(() => process.exit(1), stopTimeout).unref();
  try {
    await app[Symbol.asyncDispose]();
    log.info("Carillon has stopped");
    process.exit(0);
  } catch (error) {
    log.error({ err: error }, "Carillon did not stop in order");
    process.exit(1);
  }
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
  if (demo) lines.push(`See it work: the demo at ${url}/`);
  if (developmentToken !== null) {
    lines.push(
      "Try the API: open the first address in a browser, and the sandbox is filled with this token of alice, who may send and administer:",
    );
    lines.push(developmentToken);
  }
  return `\n${lines.join("\n\n")}\n\n`;
}
