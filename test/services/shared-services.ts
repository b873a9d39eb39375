import { canInstallPackages, installPackages } from "./apt.js";
import { canUseCompose, startComposeService } from "./compose.js";
import { findPostgres, postgresVersion } from "./postgres-binaries.js";
import { startPostgres } from "./postgres-server.js";
import { findRabbitmq, rabbitmqFolder } from "./rabbitmq-binaries.js";
import { type RabbitmqControl, rabbitmqctl, startRabbitmqNode } from "./rabbitmq-node.js";
import { answersManagement } from "./rabbitmq-management.js";
import { chooseSource, MissingServiceError } from "./sources.js";

/** A server that all test files of a run share. */
export interface SharedService extends AsyncDisposable {
  readonly url: string;
  /** Where it comes from, for the line that the run begins with. */
  readonly origin: string;
}

export interface SharedBroker extends SharedService {
  /** null: the broker was given by its URL, and there is no rabbitmqctl for it. */
  readonly control: RabbitmqControl | null;
  /** Its management API, with user and password; null where none is known. */
  readonly managementUrl: string | null;
}

/** Finds or starts the PostgreSQL that the test files share. */
export async function sharePostgres(docker = canUseCompose): Promise<SharedService> {
  const url = process.env["DATABASE_URL"] ?? "";
  const source = await chooseSource("PostgreSQL", {
    environment: () => url !== "",
    docker,
    machine: () => findPostgres() !== undefined,
    apt: canInstallPackages,
  });
  if (source === "environment")
    return { url, origin: "PostgreSQL: DATABASE_URL", async [Symbol.asyncDispose]() {} };
  if (source === "docker") return postgresInDocker().catch((error) => goOnWithout(error, sharePostgres));
  if (source === "apt") await installPackages("postgresql");
  const binaries = findPostgres();
  if (binaries === undefined) throw new MissingServiceError("PostgreSQL", "apt installed none");
  const [version, server] = await Promise.all([postgresVersion(binaries), startPostgres()]);
  return {
    url: server.url,
    origin: `PostgreSQL ${version}: ${binaries.origin}, port ${server.port}`,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function postgresInDocker(): Promise<SharedService> {
  const service = await startComposeService("postgres");
  const user = service.environment["POSTGRES_USER"] ?? "postgres";
  const url = new URL(`postgres://127.0.0.1:${service.port}`);
  url.username = user;
  url.password = service.environment["POSTGRES_PASSWORD"] ?? "";
  url.pathname = service.environment["POSTGRES_DB"] ?? user;
  return {
    url: url.href,
    origin: `PostgreSQL: Docker Compose, port ${service.port}`,
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

/** Finds or starts the RabbitMQ that the test files share. */
export async function shareRabbitmq(docker = canUseCompose): Promise<SharedBroker> {
  const url = process.env["RABBITMQ_URL"] ?? "";
  const folder = rabbitmqFolder();
  const source = await chooseSource("RabbitMQ", {
    environment: () => url !== "",
    docker: () => folder === "" && docker(),
    machine: () => findRabbitmq() !== undefined,
    apt: canInstallPackages,
  });
  if (source === "environment") {
    const managementUrl = await managementBeside(new URL(url));
    return {
      url,
      control: null,
      managementUrl,
      origin: "RabbitMQ: RABBITMQ_URL",
      async [Symbol.asyncDispose]() {},
    };
  }
  if (source === "docker") return rabbitmqInDocker().catch((error) => goOnWithout(error, shareRabbitmq));
  if (source === "apt") await installPackages("rabbitmq-server");
  const node = await startRabbitmqNode();
  const version = (await rabbitmqctl(node.control, "version")).trim();
  return {
    url: node.url,
    control: node.control,
    managementUrl: node.managementUrl,
    origin: `RabbitMQ ${version}: ${folder === "" ? "this machine" : folder}, port ${node.port}`,
    [Symbol.asyncDispose]: () => node[Symbol.asyncDispose](),
  };
}

async function rabbitmqInDocker(): Promise<SharedBroker> {
  const service = await startComposeService("rabbitmq");
  const url = new URL(`amqp://127.0.0.1:${service.port}`);
  url.username = service.environment["RABBITMQ_DEFAULT_USER"] ?? "guest";
  url.password = service.environment["RABBITMQ_DEFAULT_PASS"] ?? "guest";
  return {
    url: url.href,
    control: service.exec("rabbitmqctl"),
    managementUrl: null,
    origin: `RabbitMQ: Docker Compose, port ${service.port}`,
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

/** The management API on the usual port of a broker's host; null when none answers there. */
async function managementBeside({ hostname, username, password }: URL): Promise<string | null> {
  const url = new URL(`http://${hostname}:15672`);
  url.username = username || "guest";
  url.password = password || "guest";
  return (await answersManagement(url.href)) ? url.href : null;
}

/** An engine may run and yet not get at the images: then the next source is tried, and the run says why. */
async function goOnWithout<T>(error: unknown, share: (docker: () => boolean) => Promise<T>): Promise<T> {
  process.stdout.write(`Docker Compose: ${error instanceof Error ? error.message : String(error)}\n`);
  return share(() => false);
}
