import { existsSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { findProgram, programFolders } from "./commands.js";

export interface RabbitmqBinaries {
  readonly server: string;
  readonly ctl: string;
  /** Erlang's name server. Absent: the broker starts one itself, which outlives it. */
  readonly epmd: string | undefined;
}

/**
 * RabbitMQ as installed on this machine. Debian's own folder comes before PATH, because what stands on PATH there is a
 * wrapper that insists on being the system's service.
 */
export function findRabbitmq(): RabbitmqBinaries | undefined {
  const homebrew = ["/opt/homebrew/opt/rabbitmq/sbin", "/usr/local/opt/rabbitmq/sbin"];
  const server = findProgram(["rabbitmq-server"], ["/usr/lib/rabbitmq/bin", ...programFolders(homebrew)]);
  if (server === undefined) return undefined;
  const ctl = findProgram(["rabbitmqctl"], [dirname(server)]);
  return ctl === undefined ? undefined : { server, ctl, epmd: findEpmd() };
}

function findEpmd(): string | undefined {
  const onPath = findProgram(["epmd"]);
  if (onPath !== undefined) return onPath;
  const erl = findProgram(["erl"]);
  if (erl === undefined) return undefined;
  const root = dirname(dirname(realpathSync(erl)));
  const runtimes = existsSync(root) ? readdirSync(root).filter((name) => name.startsWith("erts-")) : [];
  return findProgram(
    ["epmd"],
    runtimes.map((name) => join(root, name, "bin")),
  );
}
