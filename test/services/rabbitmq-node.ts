import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "amqplib";
import { run } from "./commands.js";
import { freePort } from "./free-port.js";
import { answersManagement } from "./rabbitmq-management.js";
import { findRabbitmq, type RabbitmqBinaries } from "./rabbitmq-binaries.js";
import { makeScratchFolder, type ScratchFolder } from "./scratch-folder.js";
import { type ServerProcess, startServerProcess } from "./server-process.js";
import { MissingServiceError } from "./sources.js";
import { waitUntil } from "./wait-until.js";

/** A command line that reaches a broker's `rabbitmqctl`: plain data, so that it can be handed to a test's process. */
export interface RabbitmqControl {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A RabbitMQ broker of the test's own, on a port that it keeps however often it is killed and started. */
export interface RabbitmqNode extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly control: RabbitmqControl;
  /** Its management API, with user and password. */
  readonly managementUrl: string;
  /** Runs rabbitmqctl against this broker, and answers what it prints. */
  rabbitmqctl(...args: string[]): Promise<string>;
  /** kill -9 of the whole broker; resolves when it is gone. */
  kill(): Promise<void>;
  /** Stops all of its processes where they are (SIGSTOP): sockets stay open, and nobody answers. */
  pause(): void;
  /** Lets them go on (SIGCONT). */
  resume(): void;
  /** Starts it again with the same data, and resolves when it takes connections. */
  start(): Promise<void>;
  /** Deletes its data, while it is down. */
  wipe(): Promise<void>;
}

/**
 * Starts a broker in a temporary folder. It takes about five seconds. It has the management API, which makes a virtual host in a
 * tenth of the time of rabbitmqctl.
 */
export async function startRabbitmqNode(): Promise<RabbitmqNode> {
  const binaries = findRabbitmq();
  if (binaries === undefined) {
    throw new MissingServiceError(
      "RabbitMQ",
      "this test needs a broker that it can kill, so RABBITMQ_URL and Docker are not enough",
    );
  }
  const scratch = makeScratchFolder("rabbitmq");
  try {
    const ports = {
      amqp: await freePort(),
      dist: await freePort(),
      epmd: await freePort(),
      management: await freePort(),
    };
    const node = new PrivateRabbitmq(scratch, binaries, ports);
    await node.start();
    await waitUntil("Starting the management API", () => answersManagement(node.managementUrl));
    return node;
  } catch (error) {
    await scratch[Symbol.asyncDispose]();
    throw error;
  }
}

/** Runs rabbitmqctl with these arguments where `control` points. */
export async function rabbitmqctl(control: RabbitmqControl, ...args: string[]): Promise<string> {
  return run(control.command, [...control.args, ...args], { env: { ...process.env, ...control.env } });
}

interface Ports {
  readonly amqp: number;
  readonly dist: number;
  readonly epmd: number;
  readonly management: number;
}

class PrivateRabbitmq implements RabbitmqNode {
  readonly url: string;
  readonly port: number;
  readonly control: RabbitmqControl;
  readonly managementUrl: string;
  readonly #data: string;
  #broker: ServerProcess | undefined;
  #epmd: ServerProcess | undefined;

  constructor(
    readonly scratch: ScratchFolder,
    readonly binaries: RabbitmqBinaries,
    readonly ports: Ports,
  ) {
    this.port = ports.amqp;
    this.url = `amqp://guest:guest@127.0.0.1:${ports.amqp}`;
    this.#data = join(scratch.path, "data");
    this.control = { command: binaries.ctl, args: ["--quiet"], env: brokerEnvironment(scratch.path, ports) };
    this.managementUrl = `http://guest:guest@127.0.0.1:${ports.management}`;
    writeFileSync(join(scratch.path, "enabled_plugins"), "[rabbitmq_management].\n");
    writeFileSync(join(scratch.path, "rabbitmq.conf"), configuration(ports));
  }

  async start(): Promise<void> {
    const env = { ...process.env, ...this.control.env };
    const { epmd, server } = this.binaries;
    mkdirSync(this.#data, { recursive: true });
    if (epmd !== undefined && this.#epmd?.running !== true) {
      // Erlang would start it as a daemon that nobody ends; as a child of ours it goes with the rest.
      const args = ["-port", String(this.ports.epmd), "-address", "127.0.0.1"];
      this.#epmd = startServerProcess(this.scratch, { name: "epmd", command: epmd, args, env });
    }
    const broker = startServerProcess(this.scratch, { name: "rabbitmq", command: server, args: [], env });
    this.#broker = broker;
    await waitUntil("Starting RabbitMQ", async () => !broker.running || (await takesConnections(this.url)), {
      timeout: 120_000,
      interval: 100,
      detail: () => broker.output().slice(-2000),
    });
    if (!broker.running) throw new Error(`RabbitMQ did not start:\n${broker.output().slice(-2000)}`);
  }

  async rabbitmqctl(...args: string[]): Promise<string> {
    return rabbitmqctl(this.control, ...args);
  }

  async kill(): Promise<void> {
    this.#broker?.signal("SIGKILL", "group");
    await this.#broker?.ended();
  }

  pause(): void {
    for (const process of [this.#broker, this.#epmd]) process?.signal("SIGSTOP", "group");
  }

  resume(): void {
    for (const process of [this.#broker, this.#epmd]) process?.signal("SIGCONT", "group");
  }

  async wipe(): Promise<void> {
    if (this.#broker?.running === true)
      throw new Error("A broker's data can be deleted only while it is down.");
    rmSync(this.#data, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    this.#epmd?.signal("SIGKILL", "group");
    await this.#epmd?.ended();
    await this.scratch[Symbol.asyncDispose]();
  }
}

function configuration({ amqp, management }: Ports): string {
  return `${[
    `listeners.tcp.local = 127.0.0.1:${amqp}`,
    "management.tcp.ip = 127.0.0.1",
    `management.tcp.port = ${management}`,
    // Nobody looks at the statistics.
    "management_agent.disable_metrics_collector = true",
  ].join("\n")}\n`;
}

/** Everything in one folder and on ports of its own, so that no other broker on the machine is touched or seen. */
function brokerEnvironment(folder: string, ports: Ports): Record<string, string> {
  return {
    HOME: folder,
    RABBITMQ_NODENAME: "carillon@localhost",
    RABBITMQ_DIST_PORT: String(ports.dist),
    RABBITMQ_MNESIA_BASE: join(folder, "data"),
    RABBITMQ_LOG_BASE: join(folder, "log"),
    RABBITMQ_PID_FILE: join(folder, "rabbitmq.pid"),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "enabled_plugins"),
    RABBITMQ_CONF_ENV_FILE: join(folder, "none"),
    RABBITMQ_CONFIG_FILE: join(folder, "rabbitmq.conf"),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, "none.config"),
    ERL_EPMD_PORT: String(ports.epmd),
    ERL_EPMD_ADDRESS: "127.0.0.1",
    // Idle schedulers must not spin on processors that the tests need, and other brokers need not reach this one.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
      "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}",
  };
}

/** Whether a client can log in: the port opens a little before that. */
export async function takesConnections(url: string): Promise<boolean> {
  try {
    const connection = await connect(url);
    connection.on("error", () => {});
    await connection.close();
    return true;
  } catch {
    return false;
  }
}
