import { findProgram, programFolders, run, succeeds } from "./commands.js";

/** Runs as root, or as a user who may become root without a password. */
export function canInstallPackages(): boolean {
  if (findProgram(["apt-get"], programFolders()) === undefined) return false;
  return process.getuid?.() === 0 || succeeds("sudo", ["-n", "true"]);
}

/** apt takes one caller at a time, so the calls queue up here. */
let last: Promise<unknown> = Promise.resolve();

/** Installs Debian or Ubuntu packages. */
export async function installPackages(...names: string[]): Promise<void> {
  const turn = last.then(
    () => install(names),
    () => install(names),
  );
  last = turn;
  await turn;
}

async function install(names: readonly string[]): Promise<void> {
  process.stdout.write(`Installing ${names.join(", ")} with apt-get\n`);
  await aptGet("update", "-q");
  await aptGet("install", "-y", "-q", "--no-install-recommends", ...names);
}

async function aptGet(...args: string[]): Promise<void> {
  // RUNLEVEL 1 keeps the packages from starting services; the tests run their own, so one that starts does no harm.
  const command = ["env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", "apt-get", ...args];
  const asRoot = process.getuid?.() === 0 ? command : ["sudo", "-n", ...command];
  const [first = "env", ...rest] = asRoot;
  await run(first, rest, { timeout: 15 * 60_000 });
}
