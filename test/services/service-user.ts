import { spawnSync } from "node:child_process";
import { succeeds } from "./commands.js";

/** Who a server runs as, in the form that `spawn` takes: empty for the user who runs the tests. */
export interface ServiceUser {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL refuses to be root's, so when root runs the tests it is given a user without rights. */
export function postgresUser(): ServiceUser {
  if (process.getuid?.() !== 0) return {};
  for (const name of ["postgres", "nobody"]) {
    const uid = numberFrom("id", ["-u", name]);
    const gid = numberFrom("id", ["-g", name]);
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new Error(
    "PostgreSQL cannot run as root, and there is neither a user postgres nor nobody to run it as.",
  );
}

function numberFrom(command: string, args: readonly string[]): number | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: "utf8" });
  return status === 0 ? Number(stdout) : undefined;
}

/** Whether `user` gets through to `folder`: a clone or a TMPDIR below a private folder of root's is out of reach. */
export function canReach(user: ServiceUser, folder: string): boolean {
  return succeeds("test", ["-x", folder], user);
}
