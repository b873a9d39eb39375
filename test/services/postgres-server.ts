import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { run } from "./commands.js";
import { freePort } from "./free-port.js";
import { giveTo, reachableBinaries } from "./postgres-binaries.js";
import { makeScratchFolder, type ScratchFolder } from "./scratch-folder.js";
import { type ServerProcess, startServerProcess } from "./server-process.js";
import { postgresUser, type ServiceUser } from "./service-user.js";
import { waitUntil } from "./wait-until.js";

/** A PostgreSQL server of the test's own, on a port that it keeps however often it is stopped and started, unless it is moved. */
export interface PostgresServer extends AsyncDisposable {
  /** The database `postgres`, as a superuser. */
  readonly url: string;
  readonly port: number;
  /** Its files. */
  readonly data: string;
  /** Fast closes the connections in order; immediate lets it recover from its log when it is started again. */
  stop(mode: "fast" | "immediate"): Promise<void>;
  /** kill -9 of the postmaster; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again with the same data, and resolves when it takes connections. @param port where it moves to */
  start(port?: number): Promise<void>;
}

/** What is to be different from the defaults. */
export interface PostgresServerOptions {
  /** Of the form name=value; they count more than those of the test's server. */
  readonly settings?: readonly string[];
  /** Lines of pg_hba.conf; without it, everyone on this machine may log in. */
  readonly logins?: readonly string[];
  /** Makes files that the settings name, in the folder that it is given, which the server can read. */
  readonly prepare?: (folder: string) => Promise<void>;
}

/** Makes a database cluster in a temporary folder and starts it. It is durable: fsync is on. */
export async function startPostgres(options: PostgresServerOptions = {}): Promise<PostgresServer> {
  const user = postgresUser();
  const scratch = makeScratchFolder("postgres", user);
  try {
    const binaries = reachableBinaries(user, scratch);
    const server = new PrivatePostgres(scratch, user, binaries, await freePort(), options.settings);
    await server.initialise(options);
    await server.start();
    return server;
  } catch (error) {
    await scratch[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * Makes a hot standby that streams from `primary` over the server address in `lineUrl`. The primary is stopped meanwhile and
 * started again: its files are copied, which needs no other program than the server's own.
 */
export async function startStandby(primary: PostgresServer, lineUrl: string): Promise<PostgresServer> {
  const user = postgresUser();
  const scratch = makeScratchFolder("standby", user);
  try {
    const standby = new PrivatePostgres(scratch, user, reachableBinaries(user, scratch), await freePort());
    await primary.stop("fast");
    await standby.copy(primary, lineUrl);
    await primary.start();
    await standby.start();
    return standby;
  } catch (error) {
    await scratch[Symbol.asyncDispose]();
    throw error;
  }
}

class PrivatePostgres implements PostgresServer {
  readonly data: string;
  #port: number;
  #process: ServerProcess | undefined;

  constructor(
    readonly scratch: ScratchFolder,
    readonly user: ServiceUser,
    readonly binaries: string,
    port: number,
    readonly settings: readonly string[] = [],
  ) {
    this.#port = port;
    this.data = join(scratch.path, "data");
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.#port}/postgres`;
  }

  async initialise({ logins, prepare }: PostgresServerOptions): Promise<void> {
    const args = ["-D", this.data, "-U", "postgres", "-E", "UTF8", "--locale=C", "--auth=trust", "--no-sync"];
    await run(join(this.binaries, "initdb"), args, { ...this.user, cwd: this.scratch.path });
    if (logins !== undefined) writeFileSync(join(this.data, "pg_hba.conf"), `${logins.join("\n")}\n`);
    await prepare?.(this.data);
    giveTo(this.user, this.data);
  }

  /** Becomes a standby of a server that is stopped. */
  async copy(primary: PostgresServer, lineUrl: string): Promise<void> {
    const { hostname, port, username } = new URL(lineUrl);
    const settings = [
      `primary_conninfo = 'host=${hostname} port=${port} user=${username}'`,
      "wal_retrieve_retry_interval = 100ms",
    ];
    const script = 'cp -Rp "$1" "$2" && touch "$2/standby.signal" && echo "$3" >>"$2/postgresql.auto.conf"';
    const args = ["-c", script, "sh", primary.data, this.data, settings.join("\n")];
    await run("sh", args, { ...this.user, cwd: this.scratch.path });
  }

  async start(port = this.#port): Promise<void> {
    this.#port = port;
    const deadline = Date.now() + 60_000;
    while (!(await this.#startOnce())) {
      // After kill -9 the orphaned backends hold the shared memory for a moment, and no new server starts before they go.
      const output = this.#process?.output() ?? "";
      if (!output.includes("shared memory block") || Date.now() > deadline) {
        throw new Error(`PostgreSQL did not start:\n${output.slice(-2000)}`);
      }
      await delay(100);
    }
  }

  /** False when it ended instead of getting ready. */
  async #startOnce(): Promise<boolean> {
    const settings = [
      "listen_addresses=127.0.0.1",
      "unix_socket_directories=",
      "max_connections=200",
      "fsync=on",
      ...this.settings,
    ];
    const server = startServerProcess(this.scratch, {
      name: "postgres",
      command: join(this.binaries, "postgres"),
      args: ["-D", this.data, "-p", String(this.#port), ...settings.flatMap((setting) => ["-c", setting])],
      user: this.user,
    });
    this.#process = server;
    await waitUntil("Starting PostgreSQL", () => !server.running || this.#isReady(server.pid), {
      interval: 20,
      detail: () => server.output().slice(-2000),
    });
    return server.running;
  }

  /** The server writes its state into postmaster.pid; after kill -9 the file of the last one is still there. */
  #isReady(pid: number): boolean {
    try {
      const lines = readFileSync(join(this.data, "postmaster.pid"), "utf8").split("\n");
      return Number(lines[0]) === pid && ["ready", "standby"].includes(lines[7]?.trim() ?? "");
    } catch {
      return false;
    }
  }

  async stop(mode: "fast" | "immediate"): Promise<void> {
    this.#process?.signal(mode === "fast" ? "SIGINT" : "SIGQUIT", "process");
    await this.#process?.ended();
  }

  async kill(): Promise<void> {
    this.#process?.signal("SIGKILL", "process");
    await this.#process?.ended();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop("immediate");
    await this.scratch[Symbol.asyncDispose]();
  }
}
