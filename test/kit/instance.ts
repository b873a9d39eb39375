import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { jwtSecret } from "./app.js";

/** The built service in a process of its own. */
export interface Instance extends AsyncDisposable {
  readonly url: string;
  readonly process: ChildProcess;
  /** What it has written so far, to either stream. */
  output(): string;
  /** Sends a signal and resolves with the exit code; null when a signal ended it. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/**
 * Runs dist/main.js with these environment variables, and nothing else of the environment's configuration.
 * @param program what Node.js is to run instead
 */
export async function startInstance(
  environment: NodeJS.ProcessEnv,
  program: readonly string[] = [main],
): Promise<Instance> {
  const dataDirectory = await mkdtemp(join(tmpdir(), "carillon-instance-"));
  const child = spawn(process.execPath, [...program], {
    env: {
      PATH: process.env["PATH"],
      PORT: "0",
      DATA_DIR: dataDirectory,
      AUTH_JWT_SECRET: jwtSecret,
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
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
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}
