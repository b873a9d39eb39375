import { readdirSync, readFileSync } from "node:fs";
import { run } from "./commands.js";

/** A process, its parent, and whether it still runs: what was killed and is not yet reaped does not. */
interface ProcessState {
  readonly pid: number;
  readonly parent: number;
  readonly isRunning: boolean;
}

/** The processes of this machine. */
async function listProcesses(): Promise<ProcessState[]> {
  if (process.platform === "linux") return readdirSync("/proc").flatMap(readStat);
  const table = await run("ps", ["-A", "-o", "pid=,ppid=,state="]);
  return table
    .trim()
    .split("\n")
    .map((line) => {
      const [pid, parent, state = ""] = line.trim().split(/\s+/);
      return { pid: Number(pid), parent: Number(parent), isRunning: !state.startsWith("Z") };
    });
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function readStat(entry: string): ProcessState[] {
  const text = /^\d+$/.test(entry) ? read(`/proc/${entry}/stat`) : "";
  const [state, parent] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return text === ""
    ? []
    : [{ pid: Number(entry), parent: Number(parent), isRunning: state !== "Z" && state !== "X" }];
}

function read(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    // It ended meanwhile.
    return "";
  }
}

/** The ids of a process and of everything that it started, also by way of others. */
export async function processTree(root: number): Promise<number[]> {
  const all = await listProcesses();
  const tree = new Set([root]);
  // A parent may stand behind its children in the list.
  for (let size = 0; size < tree.size;) {
    size = tree.size;
    for (const { pid, parent } of all) if (tree.has(parent)) tree.add(pid);
  }
  return [...tree];
}

/** Those of these processes that still run. */
export async function running(pids: readonly number[]): Promise<number[]> {
  const alive = new Set((await listProcesses()).filter(({ isRunning }) => isRunning).map(({ pid }) => pid));
  return pids.filter((pid) => alive.has(pid));
}

/** On Linux, the processes that have this text in their environment: also those that their parents have left. */
export function processesWith(text: string): number[] {
  if (process.platform !== "linux") return [];
  const entries = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  return entries.filter((entry) => read(`/proc/${entry}/environ`).includes(text)).map(Number);
}
