import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ScratchFolder } from "./scratch-folder.js";
import type { ServiceUser } from "./service-user.js";

/** A server that runs in a process group of its own, with its output in a file of its scratch folder. */
export interface ServerProcess {
  readonly pid: number;
  readonly running: boolean;
  /** What it wrote since it was started: for error messages. */
  output(): string;
  /** Sends a signal to the first process, or to the whole group. */
  signal(signal: NodeJS.Signals, to: "process" | "group"): void;
  /** Resolves once it has exited and no process of its group is left. */
  ended(): Promise<void>;
}

export interface ServerCommand {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly user?: ServiceUser;
}

/** Starts a server whose group is written down where the scratch folder's guard finds it. */
export function startServerProcess(scratch: ScratchFolder, server: ServerCommand): ServerProcess {
  const log = join(scratch.path, `${server.name}.log`);
  const groupFile = join(scratch.path, `${server.name}.group`);
  const output = openSync(log, "w");
  const child = spawn(server.command, server.args, {
    ...server.user,
    ...(server.env && { env: server.env }),
    cwd: scratch.path,
    detached: true,
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${server.command} could not be started.`);
  // A spawn error after a pid was given would otherwise be uncaught.
  child.on("error", () => {});
  child.unref();
  writeFileSync(groupFile, `${pid}\n`);
  return {
    pid,
    get running() {
      return child.exitCode === null && child.signalCode === null;
    },
    output: () => readFileSync(log, "utf8"),
    signal(signal, to) {
      sendSignal(to === "group" ? -pid : pid, signal);
    },
    async ended() {
      if (child.exitCode === null && child.signalCode === null) {
        child.ref();
        await once(child, "exit");
      }
      // In a container whose first process reaps no orphans, what was killed stays in the group for ever.
      const deadline = Date.now() + 5000;
      while (sendSignal(-pid, 0) && Date.now() < deadline) await delay(20);
      rmSync(groupFile, { force: true });
    },
  };
}

/** False when there is nobody to signal any more. */
function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
