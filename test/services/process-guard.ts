import { type ChildProcess, spawn } from "node:child_process";
import { Socket } from "node:net";

/**
 * The guard is a shell that reads which processes to end, until its standard input ends, which happens when this process closes it
 * or dies, however it dies. Then it kills them, with the process groups that they lead: those that are stopped too.
 */
const guardScript = `
pids=
while read -r action pid; do
  others=
  for each in $pids; do [ "$each" = "$pid" ] || others="$others $each"; done
  pids=$others
  [ "$action" = add ] && pids="$pids $pid"
done
for pid in $pids; do kill -s KILL -- "-$pid" 2>/dev/null; kill -s KILL "$pid" 2>/dev/null; done
`;

let write: ((line: string) => void) | undefined;

function startGuard(): (line: string) => void {
  // A group of its own, so that Ctrl-C in a terminal does not end the guard before it has done its work.
  const guard = spawn("sh", ["-c", guardScript], {
    stdio: ["pipe", "ignore", "ignore"],
    cwd: "/",
    detached: true,
  });
  guard.unref();
  // It is told of processes only while this one lives, so a pipe that is broken harms nobody.
  guard.stdin.on("error", () => undefined);
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  return (line) => void guard.stdin.write(line);
}

/**
 * Sees to it that a child does not outlive this process: what a test starts ends when the run is interrupted, or its worker is
 * killed. Children of the child end with it when it is spawned with `detached`, which makes it the leader of their group.
 */
export function guarded<T extends ChildProcess>(child: T): T {
  const { pid } = child;
  if (pid === undefined) return child;
  write ??= startGuard();
  const tell = write;
  tell(`add ${pid}\n`);
  child.once("exit", () => tell(`remove ${pid}\n`));
  return child;
}
