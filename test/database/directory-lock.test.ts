import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, readdir, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type DirectoryLock,
  isDirectoryLocked,
  lockDirectory,
} from "../../src/server/database/directory-lock.js";
import { upTo } from "../kit/items.js";
import { makeDirectory } from "../kit/scratch-directory.js";
import { guarded } from "../services/process-guard.js";

/** Does not wait for the holder. */
function tryLock(directory: string): Promise<DirectoryLock | null> {
  return lockDirectory(directory, { waitTime: 0 });
}

/** Takes the lock where it is known to be free. */
async function mustLock(directory: string): Promise<DirectoryLock> {
  const lock = await tryLock(directory);
  if (lock === null) throw new Error("the directory is locked");
  return lock;
}

describe("the lock of a directory", () => {
  it("is one process's, which may be stopped, and free as soon as that is dead", async () => {
    await using folder = await makeDirectory();
    const holder = await startHolder(folder.path);
    expect(await tryLock(folder.path)).toBeNull();
    holder.kill("SIGSTOP");
    expect(await tryLock(folder.path)).toBeNull();
    expect(await isDirectoryLocked(folder.path)).toBe(true);

    holder.kill("SIGKILL");
    await once(holder, "exit");
    expect(await isDirectoryLocked(folder.path)).toBe(false);
    await using lock = await mustLock(folder.path);
    expect(lock.isHeld()).toBe(true);
  });

  it("goes to one of many that find the holder dead at the same time", async () => {
    await using folder = await makeDirectory();
    for (const _ of upTo(20)) {
      const locks = await Promise.all(upTo(8).map(() => tryLock(folder.path)));
      const held = locks.filter((lock) => lock !== null);
      expect(held).toHaveLength(1);
      expect(held[0]?.isHeld()).toBe(true);
      await held[0]?.[Symbol.asyncDispose]();
    }
    const left = await readdir(join(folder.path, "locks"));
    expect(left.filter((name) => name.endsWith(".sock"))).toEqual([]);
    expect(left.length).toBeLessThan(10);
  });

  it("is waited for while its holder may be about to end", async () => {
    await using folder = await makeDirectory();
    const first = await mustLock(folder.path);
    const second = lockDirectory(folder.path, { waitTime: 60_000 });
    await first[Symbol.asyncDispose]();
    await using lock = await second;
    expect(lock?.isHeld()).toBe(true);
  });

  it.each([
    ["deleted", (locks: string) => rm(locks, { recursive: true })],
    ["moved away", (locks: string) => rename(locks, `${locks}.old`)],
    [
      "replaced",
      async (locks: string) => {
        const socket = (await readdir(locks)).find((name) => name.endsWith(".sock")) ?? "";
        await rm(join(locks, socket));
        await writeFile(join(locks, socket), "");
      },
    ],
  ])("is lost when its files are %s", async (_what, change) => {
    await using folder = await makeDirectory();
    await using lock = await mustLock(folder.path);
    await change(join(folder.path, "locks"));
    expect(lock.isHeld()).toBe(false);
    await using next = await mustLock(folder.path);
    expect([lock.isHeld(), next.isHeld()]).toEqual([false, true]);
  });

  it("is not copied with the directory", async () => {
    await using folder = await makeDirectory();
    const original = join(folder.path, "original");
    const copy = join(folder.path, "copy");
    await using lock = await mustLock(original);
    // Sockets are not copied, by cp and tar alike: the link of the copy leads nowhere.
    const filter = (path: string): boolean => !path.endsWith(".sock");
    await cp(original, copy, { recursive: true, verbatimSymlinks: true, filter });
    await using own = await mustLock(copy);
    expect([lock.isHeld(), own.isHeld()]).toEqual([true, true]);
  });

  it("works where a path is longer than a socket's address can be", async () => {
    await using folder = await makeDirectory();
    const directory = join(folder.path, "a-long-name/".repeat(12), "data");
    await using lock = await mustLock(directory);
    expect(lock.isHeld()).toBe(true);
    expect(await tryLock(directory)).toBeNull();
    expect(await readdir(folder.path)).toEqual(["a-long-name"]);
  });

  it("of another machine is held while its time stamp is renewed", async () => {
    await using folder = await makeDirectory();
    const locks = join(folder.path, "locks");
    const socket = join(locks, "elsewhere-1-0.sock");
    await mkdir(locks);
    // To this machine another one's socket is a file that nobody answers.
    await writeFile(socket, "");
    await symlink("elsewhere-1-0.sock", join(locks, "7"));
    const renewing = setInterval(() => void utimes(socket, new Date(), new Date()), 20);
    expect(await lockDirectory(folder.path, { waitTime: 0, watchTime: 60_000 })).toBeNull();
    clearInterval(renewing);
    await using lock = await lockDirectory(folder.path, { waitTime: 60_000, watchTime: 500 });
    expect(lock?.isHeld()).toBe(true);
    expect(await readdir(locks)).toContain("8");
  });

  it("is left to the system where the directory cannot be written to", async () => {
    await using folder = await makeDirectory();
    await writeFile(join(folder.path, "file"), "");
    await expect(tryLock(join(folder.path, "file"))).rejects.toMatchObject({ code: "ENOTDIR" });
    expect(await isDirectoryLocked(join(folder.path, "absent"))).toBe(false);
  });
});

/** A process that holds the lock. */
async function startHolder(directory: string): Promise<ReturnType<typeof spawn>> {
  const module = new URL("../../src/server/database/directory-lock.ts", import.meta.url).href;
  const script = `import { lockDirectory } from ${JSON.stringify(module)};
    const lock = await lockDirectory(${JSON.stringify(directory)});
    console.log(lock.isHeld());
    setInterval(() => {}, 1000);`;
  const args = ["--import", "tsx", "--input-type=module", "--eval", script];
  const holder = guarded(
    spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], detached: true }),
  );
  await once(holder.stdout, "data");
  return holder;
}
