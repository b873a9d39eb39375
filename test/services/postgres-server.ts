import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { run } from "./commands.js";
import { freePort } from "./free-port.js";
import { reachableBinaries } from "./postgres-binaries.js";
import { makeScratchFolder, type ScratchFolder } from "./scratch-folder.js";
import { type ServerProcess, startServerProcess } from "./server-process.js";
import { postgresUser, type ServiceUser } from "./service-user.js";
import { waitUntil } from "./wait-until.js";

/** A PostgreSQL server of the test's own, on a port that it keeps however often it is stopped and started. */
export interface PostgresServer extends AsyncDisposable {
  /** The database `postgres`, as a superuser. */
  readonly url: string;
  readonly port: number;
  /** Fast closes the connections in order; immediate lets it recover from its log when it is started again. */
  stop(mode: "fast" | "immediate"): Promise<void>;
  /** kill -9 of the postmaster; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again with the same data, and resolves when it takes connections. */
  start(): Promise<void>;
}

/** Makes a database cluster in a temporary folder and starts it. It is durable: fsync is on. */
export async function startPostgres(): Promise<PostgresServer> {
  const user = postgresUser();
  const scratch = makeScratchFolder("postgres", user);
  try {
    const server = new PrivatePostgres(scratch, user, reachableBinaries(user, scratch), await freePort());
    await server.initialise();
    await server.start();
    return server;
  } catch (error) {
    await scratch[Symbol.asyncDispose]();
    throw error;
  }
}

class PrivatePostgres implements PostgresServer {
  readonly url: string;
  readonly #data: string;
  #process: ServerProcess | undefined;

  constructor(
    readonly scratch: ScratchFolder,
    readonly user: ServiceUser,
    readonly binaries: string,
    readonly port: number,
  ) {
    this.url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    this.#data = join(scratch.path, "data");
  }

  async initialise(): Promise<void> {
    const args = [
      "-D",
      this.#data,
      "-U",
      "postgres",
      "-E",
      "UTF8",
      "--locale=C",
      "--auth=trust",
      "--no-sync",
    ];
    await run(join(this.binaries, "initdb"), args, { ...this.user, cwd: this.scratch.path });
  }

  async start(): Promise<void> {
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
    ];
    const server = startServerProcess(this.scratch, {
      name: "postgres",
      command: join(this.binaries, "postgres"),
      args: ["-D", this.#data, "-p", String(this.port), ...settings.flatMap((setting) => ["-c", setting])],
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
      const lines = readFileSync(join(this.#data, "postmaster.pid"), "utf8").split("\n");
      return Number(lines[0]) === pid && lines[7]?.trim() === "ready";
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
