import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { run, succeeds } from "./commands.js";
import { freePort } from "./free-port.js";
import type { RabbitmqControl } from "./rabbitmq-node.js";
import { makeScratchFolder, type ScratchFolder } from "./scratch-folder.js";

/** A service of docker-compose.yml, started under a project name of its own so that a developer's own stack is left alone. */
export interface ComposeService extends AsyncDisposable {
  readonly port: number;
  /** What the file sets in the container's environment, such as the password. */
  readonly environment: Readonly<Record<string, string | null>>;
  /** A command line that runs a program in the container. */
  exec(program: string): RabbitmqControl;
}

const fileContents = z.object({
  services: z.record(
    z.string(),
    z.object({ environment: z.record(z.string(), z.string().nullable()).optional() }),
  ),
});

const file = fileURLToPath(new URL("../../docker-compose.yml", import.meta.url));

/** Whether an engine runs here, and there is something to start on it. */
export function canUseCompose(): boolean {
  return existsSync(file) && succeeds("docker", ["info"]) && succeeds("docker", ["compose", "version"]);
}

/** Starts one service, on a free port of this machine, and resolves when its health check is content. */
export async function startComposeService(service: "postgres" | "rabbitmq"): Promise<ComposeService> {
  const ports = { postgres: await freePort(), rabbitmq: await freePort() };
  const env = {
    POSTGRES_PORT: String(ports.postgres),
    RABBITMQ_PORT: String(ports.rabbitmq),
    RABBITMQ_MANAGEMENT_PORT: String(await freePort()),
  };
  const compose = ["compose", "-f", file, "-p", `carillon-test-${service}-${process.pid}`] as const;
  const scratch: ScratchFolder = makeScratchFolder("compose", {}, [
    "docker",
    ...compose,
    "down",
    "--volumes",
  ]);
  try {
    const options = { env: { ...process.env, ...env } };
    const config = fileContents.parse(
      JSON.parse(await run("docker", [...compose, "config", "--format", "json"], options)),
    );
    await run("docker", [...compose, "up", "--detach", "--wait", "--no-deps", service], options);
    return {
      port: ports[service],
      environment: config.services[service]?.environment ?? {},
      exec: (program) => ({ command: "docker", args: [...compose, "exec", "-T", service, program], env }),
      [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose](),
    };
  } catch (error) {
    await scratch[Symbol.asyncDispose]();
    throw error;
  }
}
