import { spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canReach, type ServiceUser } from "./service-user.js";

/** A temporary folder for one server. Disposing of it ends the server, if that still runs, and deletes the folder. */
export interface ScratchFolder extends AsyncDisposable {
  readonly path: string;
}

/**
 * The guard is a shell that waits for the end of its standard input, which comes when this process closes it or dies,
 * however it dies: no server outlives an interrupted run. It ends the process groups named in `*.group`, gently for a
 * second because PostgreSQL then gives back its shared memory, runs what else is to be run, and deletes the folder.
 */
const guardScript = `
folder=$1; shift
cat >/dev/null
if groups=$(cat "$folder"/*.group 2>/dev/null); then
  for group in $groups; do kill -s QUIT -- "-$group"; done
  sleep 1
  for group in $groups; do kill -s KILL -- "-$group"; done
fi
"$@"
rm -rf "$folder"
`;

/** Makes a temporary folder that belongs to `user`; `atEnd` is a command to run before it is deleted. */
export function makeScratchFolder(
  name: string,
  user: ServiceUser = {},
  atEnd: readonly [string, ...string[]] = ["true"],
): ScratchFolder {
  const base = [tmpdir(), "/tmp"].find((folder) => canReach(user, folder)) ?? tmpdir();
  const path = mkdtempSync(join(base, `carillon-${name}-`));
  if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid);
  const guard = spawn("sh", ["-c", guardScript, "sh", path, ...atEnd], {
    stdio: ["pipe", "ignore", "ignore"],
    cwd: "/",
    // Its own group, so that Ctrl-C in a terminal does not end the guard before it has done its work.
    detached: true,
  });
  guard.unref();
  return {
    path,
    async [Symbol.asyncDispose]() {
      if (guard.exitCode !== null) return;
      guard.ref();
      guard.stdin.end();
      await once(guard, "exit");
    },
  };
}
