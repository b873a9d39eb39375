import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { guarded } from "../services/process-guard.js";

/** How a process ended, and what it wrote. */
export interface Ended {
  readonly code: number | null;
  /** Lines without the empty ones. */
  readonly errors: string[];
  readonly output: string;
}

const main = fileURLToPath(new URL("../../dist/src/server/main.js", import.meta.url));

/**
 * Runs dist/src/server/main.js with these environment variables alone until it ends by itself.
 * @param program what Node.js is to run instead
 */
export function runToExit(
  environment: NodeJS.ProcessEnv,
  program: readonly string[] = [main],
): Promise<Ended> {
  const env = { PATH: process.env["PATH"], PORT: "0", ...environment };
  return runProgram(process.execPath, program, { env });
}

/** Runs a program until it ends by itself; kills it when it takes too long. */
export async function runProgram(
  command: string,
  parameters: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly cwd?: string },
): Promise<Ended> {
  const child = guarded(
    spawn(command, parameters, {
      ...options,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 25_000,
      killSignal: "SIGKILL",
      detached: true,
    }),
  );
  const closed = once(child, "close");
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await closed;
  return { code: child.exitCode, errors: errors.split("\n").filter((line) => line !== ""), output };
}
