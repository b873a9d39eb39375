/**
 * How the tests come by the programs that they need, without being told on any machine:
 * what the environment names, else a container, else a program on this machine, else one that apt installs.
 * A test is never left out because something is missing: the run fails with one line that says what to do.
 */
export type Source = "environment" | "docker" | "machine" | "apt";

/** The answers, asked in the order of `order` and only as far as needed, because some are slow to come by. */
export type Availability = Readonly<Record<Source, () => boolean | Promise<boolean>>>;

export type ServiceName = "PostgreSQL" | "RabbitMQ" | "Chromium" | "PgBouncer" | "OpenSSL";

const order: readonly Source[] = ["environment", "docker", "machine", "apt"];

const remedies: Readonly<Record<ServiceName, string>> = {
  PostgreSQL: "run npm ci with optional packages, start Docker, install PostgreSQL, or set DATABASE_URL",
  PgBouncer: "install PgBouncer (pgbouncer on PATH)",
  OpenSSL: "install OpenSSL (openssl on PATH)",
  RabbitMQ: "start Docker, install RabbitMQ (rabbitmq-server on PATH), or set RABBITMQ_URL or RABBITMQ_BIN",
  Chromium: "install Chromium or Google Chrome, or set CHROMIUM_PATH",
};

/** A program that the tests cannot do without is not to be had here; `message` is one line that says what to do. */
export class MissingServiceError extends Error {
  override readonly name = "MissingServiceError";

  constructor(service: ServiceName, detail?: string) {
    super(
      `${service} is needed by the tests and was not found${detail ? ` (${detail})` : ""}: ${remedies[service]}.`,
    );
  }
}

/** The first source that is available. */
export async function chooseSource(service: ServiceName, available: Availability): Promise<Source> {
  for (const source of order) {
    if (await available[source]()) return source;
  }
  throw new MissingServiceError(service);
}
