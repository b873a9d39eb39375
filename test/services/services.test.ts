import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "amqplib";
import postgres from "postgres";
import { expect, inject, test, vi } from "vitest";
import { createDatabase } from "./database.js";
import { findRabbitmq } from "./rabbitmq-binaries.js";
import { type Availability, chooseSource, type Source } from "./sources.js";
import { makeScratchFolder } from "./scratch-folder.js";
import { createVhost } from "./vhost.js";

function available(...sources: Source[]): Availability {
  return {
    environment: () => sources.includes("environment"),
    docker: () => sources.includes("docker"),
    machine: async () => sources.includes("machine"),
    apt: () => sources.includes("apt"),
  };
}

test.each<[Source[], Source]>([
  [["environment", "docker", "machine", "apt"], "environment"],
  [["docker", "machine", "apt"], "docker"],
  [["machine", "apt"], "machine"],
  [["apt"], "apt"],
])("of %j, a service comes from %s", async (sources, chosen) => {
  expect(await chooseSource("RabbitMQ", available(...sources))).toBe(chosen);
});

test("what nobody has fails with one line that says what to do", async () => {
  const message = await chooseSource("RabbitMQ", available()).catch((error: unknown) => String(error));
  expect(message).toBe(
    "MissingServiceError: RabbitMQ is needed by the tests and was not found: " +
      "start Docker, install RabbitMQ (rabbitmq-server on PATH), or set RABBITMQ_URL or RABBITMQ_BIN.",
  );
});

test("later sources are not even looked for once one is found", async () => {
  const lookedFor: Source[] = [];
  const availability = available("docker", "machine");
  await chooseSource("PostgreSQL", {
    ...availability,
    machine() {
      lookedFor.push("machine");
      return true;
    },
  });
  expect(lookedFor).toEqual([]);
});

test("RABBITMQ_BIN names the folder with RabbitMQ's programs, before what is installed", async () => {
  await using folder = makeScratchFolder("binaries");
  const programs = ["rabbitmq-server", "rabbitmqctl", "epmd"].map((name) => join(folder.path, name));
  for (const program of programs) writeFileSync(program, "", { mode: 0o755 });
  vi.stubEnv("RABBITMQ_BIN", folder.path);
  try {
    expect(Object.values(findRabbitmq() ?? {})).toEqual(programs);
    rmSync(join(folder.path, "epmd"));
    expect(() => findRabbitmq()).toThrow(
      `(RABBITMQ_BIN=${folder.path} is not a folder with the programs rabbitmq-server, rabbitmqctl and epmd)`,
    );
  } finally {
    vi.unstubAllEnvs();
  }
});

test("a fresh database answers, is empty, and is gone afterwards", async () => {
  const database = await createDatabase();
  const sql = postgres(database.url, { max: 1 });
  try {
    const [row] = await sql<{ version: string }[]>`SELECT version()`;
    expect(row?.version).toMatch(/^PostgreSQL \d+/);
    expect(await sql`SELECT 1 FROM pg_tables WHERE schemaname = 'public'`).toHaveLength(0);
  } finally {
    await sql.end();
  }
  await database[Symbol.asyncDispose]();
  const late = postgres(database.url, { max: 1 });
  await expect(late`SELECT 1`).rejects.toThrow("does not exist");
  await late.end();
});

test("a queue in one virtual host is not there in another", async () => {
  await using one = await createVhost();
  await using other = await createVhost();
  if (one.name === other.name) {
    // A broker given by its URL, without a management API: createVhost has said that it is shared.
    expect(inject("rabbitmqControl")).toBeNull();
    return;
  }
  const connections = await Promise.all([connect(one.url), connect(other.url)]);
  const [mine, others] = await Promise.all(connections.map((connection) => connection.createChannel()));
  others?.on("error", () => {});
  await mine?.assertQueue("letters");
  await expect(others?.checkQueue("letters")).rejects.toThrow("NOT_FOUND");
  await Promise.all(connections.map((connection) => connection.close()));
});
