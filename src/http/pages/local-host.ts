import { isIP } from "node:net";

/**
 * Is the host one that no attacker's DNS can point here? A name of theirs that resolves to this machine would make their
 * page same-origin with ours, and hand them whatever token ours is given.
 */
export function cannotBeRebound(hostname: string): boolean {
  const name = hostname.replace(/^\[(.*)\]$/, "$1");
  return name === "localhost" || name.endsWith(".localhost") || isIP(name) !== 0;
}
