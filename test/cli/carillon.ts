import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Ended, runToExit } from "../kit/run-to-exit.js";
import { guarded } from "../services/process-guard.js";
import { waitUntil } from "../services/wait-until.js";

/** The command line, as built. */
export const program = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

/** Runs a command with these environment variables alone until it ends. */
export function carillon(environment: NodeJS.ProcessEnv, ...command: string[]): Promise<Ended> {
  return runToExit({ PORT: "", ...environment }, [program, ...command]);
}

/** A command that runs until it is stopped. Disposing of it kills it. */
export interface Running extends AsyncDisposable {
  readonly process: ChildProcess;
  /** The lines of standard output so far. */
  readonly lines: readonly string[];
  readonly errors: readonly string[];
  /** Waits until a line of standard output or error fits. */
  saw(pattern: RegExp): Promise<void>;
  /** Resolves with the exit code; null: a signal ended it. */
  readonly ended: Promise<number | null>;
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts a command with these environment variables alone. */
export function startCommand(environment: NodeJS.ProcessEnv, ...command: string[]): Running {
  return startProgram(environment, program, ...command);
}

/** Starts any program of Node.js with these environment variables alone. */
export function startProgram(environment: NodeJS.ProcessEnv, ...parameters: string[]): Running {
  const child = guarded(
    spawn(process.execPath, parameters, {
      env: { PATH: process.env["PATH"], ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    }),
  );
  const lines: string[] = [];
  const errors: string[] = [];
  createInterface(child.stdout).on("line", (line) => lines.push(line));
  createInterface(child.stderr).on("line", (line) => errors.push(line));
  const ended = once(child, "close").then(() => child.exitCode);
  return {
    process: child,
    lines,
    errors,
    ended,
    saw: (pattern) =>
      waitUntil(`the line ${pattern}`, () => [...lines, ...errors].some((line) => pattern.test(line)), {
        timeout: 20_000,
        interval: 10,
        detail: () => JSON.stringify({ lines, errors }),
      }),
    async stop(signal) {
      child.kill(signal);
      return await ended;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
