import { chownSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { canInstallPackages, installPackages } from "./apt.js";
import { findProgram } from "./commands.js";
import { freePort } from "./free-port.js";
import { makeScratchFolder } from "./scratch-folder.js";
import { startServerProcess } from "./server-process.js";
import { postgresUser } from "./service-user.js";
import { MissingServiceError } from "./sources.js";
import { waitUntil } from "./wait-until.js";

/** A pooler in front of a PostgreSQL server. */
export interface Pooler extends AsyncDisposable {
  /** The server's URL with the pooler's address in it. */
  readonly url: string;
}

/** Starts PgBouncer with its defaults and these settings, in front of the server of `databaseUrl`. */
export async function startPgbouncer(
  databaseUrl: string,
  settings: Readonly<Record<string, string | number>>,
): Promise<Pooler> {
  const program = await pgbouncerPath();
  const user = postgresUser();
  const scratch = makeScratchFolder("pgbouncer", user);
  try {
    const server = new URL(databaseUrl);
    const port = await freePort();
    const lines = { listen_addr: "127.0.0.1", listen_port: port, auth_type: "trust", unix_socket_dir: "" };
    const users = write("users.txt", `"${server.username}" "${server.password}"\n`);
    const config = write(
      "pgbouncer.ini",
      [
        "[databases]",
        `* = host=${server.hostname} port=${server.port}`,
        "[pgbouncer]",
        ...Object.entries({ ...lines, auth_file: users, ...settings }).map(
          ([name, value]) => `${name} = ${value}`,
        ),
      ].join("\n"),
    );
    const pooler = startServerProcess(scratch, { name: "pgbouncer", command: program, args: [config], user });
    await waitUntil("Starting PgBouncer", () => !pooler.running || isListening(port), {
      interval: 20,
      detail: () => pooler.output(),
    });
    if (!pooler.running) throw new Error(`PgBouncer did not start:\n${pooler.output()}`);
    const url = new URL(databaseUrl);
    url.host = `127.0.0.1:${port}`;
    return {
      url: url.href,
      async [Symbol.asyncDispose]() {
        pooler.signal("SIGKILL", "process");
        await pooler.ended();
        await scratch[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await scratch[Symbol.asyncDispose]();
    throw error;
  }

  function write(name: string, content: string): string {
    const path = join(scratch.path, name);
    writeFileSync(path, content);
    if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid);
    return path;
  }
}

async function pgbouncerPath(): Promise<string> {
  if (findProgram(["pgbouncer"]) === undefined && canInstallPackages()) await installPackages("pgbouncer");
  const path = findProgram(["pgbouncer"]);
  if (path === undefined) throw new MissingServiceError("PgBouncer");
  return path;
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
