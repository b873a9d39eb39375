import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { guarded } from "../services/process-guard.js";
import { jwtSecret } from "./app.js";
import { makeDataDirectoryFor } from "./data-directory.js";

/** The built service in a process of its own. */
export interface Instance extends AsyncDisposable {
  readonly url: string;
  readonly process: ChildProcess;
  /** What it has written so far, to either stream. */
  output(): string;
  /** Sends a signal and resolves with the exit code; null when a signal ended it. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

const main = fileURLToPath(new URL("../../dist/src/server/main.js", import.meta.url));

/**
 * Runs dist/src/server/main.js with these environment variables, and nothing else of the environment's configuration.
 * @param program what Node.js is to run instead
 * @param node the program of Node.js; this process's own unless given
 */
export async function startInstance(
  environment: NodeJS.ProcessEnv,
  program: readonly string[] = [main],
  node = process.execPath,
): Promise<Instance> {
  const directory = await makeDataDirectoryFor(environment);
  const env = {
    PATH: process.env["PATH"],
    PORT: "0",
    DATA_DIR: directory.path,
    AUTH_JWT_SECRET: jwtSecret,
    ...environment,
  };
  const child = guarded(
    spawn(node, [...program], { env, stdio: ["ignore", "pipe", "pipe"], detached: true }),
  );
  let output = "";
  const exited = once(child, "exit");
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString("utf8");
      const ready = /Carillon is ready at (\S+)\/graphql/.exec(output);
      if (ready?.[1] !== undefined) resolve(ready[1]);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", (code) => reject(new Error(`the instance ended with ${code}:\n${output}`)));
  });

  async function stop(signal: NodeJS.Signals): Promise<number | null> {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await exited;
    }
    return child.exitCode;
  }

  return {
    url,
    process: child,
    output: () => output,
    stop,
    async [Symbol.asyncDispose]() {
      await stop("SIGKILL");
      await directory[Symbol.asyncDispose]();
    },
  };
}
