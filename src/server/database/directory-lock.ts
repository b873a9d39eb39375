/**
 * A lock of a directory: at most one process at a time holds it.
 *
 * The holder listens on a Unix domain socket in the directory. The kernel accepts connections to it as long as the holder lives,
 * also while it is stopped (SIGSTOP, Ctrl-Z), and refuses them from its death on, however it died. A time stamp or a process id
 * could not tell that: a stopped process renews no time stamp, and containers that share a volume have separate process ids.
 *
 * Symbolic links with ascending numbers name the holders, in the folder `locks`:
 *
 *     locks/6 -> 3f2a9c01-4711-1f0e.sock      the last holder, dead: its socket refuses, or is gone
 *     locks/7 -> 3f2a9c01-4790-c3d2.sock      the holder
 *
 * A process that finds the last holder dead listens on a socket of its own and creates the next link, which succeeds for one
 * process only. The last few links are never deleted, so that no number is used twice, even if the directory changes while
 * it is read. The links are relative: in a copy of the directory they name the copy's sockets, which refuse connections.
 *
 * A socket on a shared file system is not reachable from another machine. There the holder's name shows that it is of another
 * machine, or of this one before a reboot, and the time stamp that each holder renews shows whether it lives.
 */
import { createHash, randomBytes } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { lstat, mkdir, readdir, readlink, rm, stat, symlink, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { canConnect, listenInFolder } from "./unix-socket.js";
import { pause } from "../scheduling/pause.js";

export interface DirectoryLock extends AsyncDisposable {
  /** False after its files were deleted or replaced: then another process may hold the lock. Takes microseconds. */
  isHeld(): boolean;
}

export interface LockOptions {
  /** How long to wait for the lock, because the holder may be stopping, ms (2,000). */
  readonly waitTime?: number;
  /** How long the time stamp of a holder on another machine must be unchanged until the holder counts as dead, ms (8,000). */
  readonly watchTime?: number;
  /** Identifies this machine since its boot; the same in all of its containers. */
  readonly machine?: string;
}

/** Between two attempts, and between two reads of a time stamp, ms. */
const pollInterval = 100;
/** How often the holder renews its time stamp, ms. */
const renewInterval = 1000;
/** How many links are not deleted. */
const linksKept = 8;

/**
 * Takes the lock of a directory, and creates the directory if necessary.
 * @returns null when another process holds it
 * @throws the system's error when the directory cannot be written to
 */
export async function lockDirectory(
  directory: string,
  { waitTime = 2000, ...options }: LockOptions = {},
): Promise<DirectoryLock | null> {
  const folder = folderOf(directory);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const deadline = performance.now() + waitTime;
  for (;;) {
    const lock = await tryLock(folder, options);
    if (lock !== null || performance.now() > deadline) return lock;
    await pause(pollInterval);
  }
}

/** Whether a process holds the lock of this directory. */
export async function isDirectoryLocked(directory: string): Promise<boolean> {
  const folder = folderOf(directory);
  return await isHeldByOther(folder, await lastLink(folder), {});
}

function folderOf(directory: string): string {
  return join(directory, "locks");
}

async function tryLock(folder: string, options: LockOptions): Promise<DirectoryLock | null> {
  const last = await lastLink(folder);
  if (await isHeldByOther(folder, last, options)) return null;
  const { machine = thisMachine() } = options;
  const name = `${machine}-${process.pid}-${randomBytes(4).toString("hex")}.sock`;
  const socket = await listenInFolder(folder, name);
  const number = last + 1;
  const link = join(folder, String(number));
  if (!(await createLink(name, link))) {
    await socket.close();
    return null;
  }
  // Other processes may have held and released the lock since the folder was read: then this number is an old one.
  if ((await lastLink(folder)) !== number) {
    await rm(link, { force: true });
    await socket.close();
    return null;
  }
  await deleteOld(folder, number);
  const path = join(folder, name);
  const own = await stat(path);
  const renewing = setInterval(() => {
    const now = new Date();
    // A failure means that the socket's file is deleted, which isHeld reports.
    utimes(path, now, now).catch(() => undefined);
  }, renewInterval).unref();
  return {
    isHeld() {
      const found = statSync(link, { throwIfNoEntry: false });
      return found !== undefined && found.ino === own.ino && found.dev === own.dev;
    },
    async [Symbol.asyncDispose]() {
      clearInterval(renewing);
      await socket.close();
    },
  };
}

/** The highest number of a link; 0 without links. */
async function lastLink(folder: string): Promise<number> {
  const names = await readdir(folder).catch(whenMissing<string[]>([]));
  let last = Math.max(0, ...names.filter((name) => /^[1-9]\d{0,14}$/.test(name)).map(Number));
  // A link that is created while the folder is read may be missing from the list.
  while (await exists(join(folder, String(last + 1)))) last += 1;
  return last;
}

async function isHeldByOther(folder: string, number: number, options: LockOptions): Promise<boolean> {
  if (number === 0) return false;
  const link = join(folder, String(number));
  if (await canConnect(folder, String(number))) return true;
  const name = await readlink(link).catch(() => "");
  const { machine = thisMachine(), watchTime = 8000 } = options;
  return name.startsWith(`${machine}-`) ? false : await isRenewed(link, watchTime);
}

/** Whether the time stamp of the socket changes within this time. */
async function isRenewed(link: string, watchTime: number): Promise<boolean> {
  const first = await stat(link).catch(whenMissing(null));
  if (first === null) return false;
  for (const end = performance.now() + watchTime; performance.now() < end; await pause(pollInterval)) {
    const next = await stat(link).catch(whenMissing(null));
    if (next === null) return false;
    if (next.mtimeMs !== first.mtimeMs) return true;
  }
  return false;
}

/** @returns false when the link exists */
async function createLink(target: string, link: string): Promise<boolean> {
  try {
    await symlink(target, link);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Deletes the sockets of former holders, and all of their links except the last few. */
async function deleteOld(folder: string, number: number): Promise<void> {
  for (const entry of await readdir(folder)) {
    if (!/^[1-9]\d{0,14}$/.test(entry) || Number(entry) >= number) continue;
    const link = join(folder, entry);
    const target = await readlink(link).catch(() => null);
    if (target !== null) await rm(join(folder, target), { force: true });
    if (Number(entry) <= number - linksKept) await rm(link, { force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(whenMissing(null))) !== null;
}

/** Linux has an id for each boot, also in containers. Elsewhere it is the host name, which survives a reboot. */
function thisMachine(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
  } catch {
    return createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
  }
}

/** An error handler that returns `value` for a missing file. */
function whenMissing<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (codeOf(error) === "ENOENT") return value;
    throw error;
  };
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
