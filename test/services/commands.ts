import { execFile, spawnSync, type ExecFileOptions } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { guarded } from "./process-guard.js";

const execute = promisify(execFile);

/** A command failed; `message` holds the last lines that it wrote. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** Runs a command to its end and answers what it wrote to standard output. */
export async function run(
  command: string,
  args: readonly string[],
  options: ExecFileOptions = {},
): Promise<string> {
  try {
    const ended = execute(command, args, { maxBuffer: 64 * 1024 * 1024, ...options });
    guarded(ended.child);
    return String((await ended).stdout);
  } catch (error) {
    throw new CommandError(`${command} ${args.join(" ")}: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const output = "stderr" in error ? String(error.stderr).trim() : "";
  return output === "" ? error.message : output.split("\n").slice(-15).join("\n");
}

/** True when the command ends well within `timeout` milliseconds; its output is thrown away. */
export function succeeds(
  command: string,
  args: readonly string[],
  options: { uid?: number; gid?: number } = {},
): boolean {
  return spawnSync(command, args, { stdio: "ignore", timeout: 20_000, cwd: "/", ...options }).status === 0;
}

/** The folders of PATH, and where the usual installers put programs that are not on it. */
export function programFolders(more: readonly string[] = []): string[] {
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return [
    ...more,
    ...path,
    "/usr/local/bin",
    "/usr/sbin",
    "/usr/bin",
    "/opt/homebrew/bin",
    "/opt/homebrew/sbin",
    "/usr/local/sbin",
  ];
}

/** The full path of the first of `names` that is an executable file in one of `folders`. */
export function findProgram(names: readonly string[], folders = programFolders()): string | undefined {
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find(isExecutable);
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
