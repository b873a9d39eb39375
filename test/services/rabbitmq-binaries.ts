import { existsSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { findProgram, programFolders } from "./commands.js";
import { MissingServiceError } from "./sources.js";

export interface RabbitmqBinaries {
  readonly server: string;
  readonly ctl: string;
  /** Erlang's name server. Absent: the broker starts one itself, which outlives it. */
  readonly epmd: string | undefined;
}

/** The folder that RABBITMQ_BIN names; empty: none. It comes before Docker and whatever is installed. */
export function rabbitmqFolder(): string {
  return process.env["RABBITMQ_BIN"] ?? "";
}

/**
 * The programs in the folder that RABBITMQ_BIN names, else RabbitMQ as installed on this machine.
 * @throws MissingServiceError when that folder does not hold them all.
 */
export function findRabbitmq(): RabbitmqBinaries | undefined {
  const folder = rabbitmqFolder();
  return folder === "" ? installedRabbitmq() : rabbitmqIn(folder);
}

function rabbitmqIn(folder: string): RabbitmqBinaries {
  const [server, ctl, epmd] = ["rabbitmq-server", "rabbitmqctl", "epmd"].map((name) =>
    findProgram([name], [folder]),
  );
  if (server === undefined || ctl === undefined || epmd === undefined) {
    throw new MissingServiceError(
      "RabbitMQ",
      `RABBITMQ_BIN=${folder} is not a folder with the programs rabbitmq-server, rabbitmqctl and epmd`,
    );
  }
  return { server, ctl, epmd };
}

/**
 * Debian's own folder comes before PATH, because what stands on PATH there is a wrapper that insists on being the system's
 * service.
 */
function installedRabbitmq(): RabbitmqBinaries | undefined {
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
