import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { expect, it } from "vitest";
import { BrokerRefusedError } from "../../src/server/broker/errors.js";
import { freePort } from "../services/free-port.js";
import { startRabbitmqNode } from "../services/rabbitmq-node.js";
import { createVhost } from "../services/vhost.js";
import { message } from "./messages.js";
import { addVhost, openBroker, startBroker } from "./rabbitmq-testbed.js";

/** What starting on these URLs, separated by commas, is refused with. */
async function refusalOf(...urls: string[]): Promise<unknown> {
  await using process = openBroker("", { config: { urls, connectionTimeout: 2000 } });
  const failure: unknown = await process.broker.start().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(BrokerRefusedError);
  expect(process.broker.health()).toMatchObject({ publishing: "closed", consuming: "closed" });
  return failure instanceof Error ? failure.message : failure;
}

async function deadUrl(): Promise<string> {
  return `amqp://127.0.0.1:${await freePort()}`;
}

/** A server that answers any bytes with this text. */
async function answering(words: string): Promise<Server & { readonly url: string } & AsyncDisposable> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end(words));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  return Object.assign(server, {
    url: `amqp://guest:hunter2@127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.close();
    },
  });
}

it("A wrong password, or user, fails the start with a line that says so", async () => {
  await using vhost = await createVhost();
  const wrong = new URL(vhost.url);
  wrong.password = "hunter2";
  expect(await refusalOf(wrong.href)).toMatch(
    /^RabbitMQ at amqp:\/\/[^@\n]*: the user or the password is refused [^\n]*Correct the user and the password in RABBITMQ_URL[^\n]*$/,
  );
});

it("A virtual host that does not exist fails the start with a line that says so, also beside a URL that is dead", async () => {
  await using vhost = await createVhost();
  const wrong = new URL(vhost.url);
  wrong.pathname = "/nowhere";
  expect(await refusalOf(await deadUrl(), wrong.href)).toMatch(
    /^RabbitMQ at amqp:\/\/[^@\n]*\/nowhere: there is no such virtual host[^\n]*add_vhost[^\n]*RABBITMQ_URL$/,
  );
});

it(
  "A user who may declare nothing fails the start with a line that says so",
  { timeout: 60_000 },
  async () => {
    await using node = await startRabbitmqNode();
    const vhost = await addVhost(node);
    await node.rabbitmqctl("add_user", "restricted", "hunter2");
    await node.rabbitmqctl("set_permissions", "-p", vhost.name, "restricted", "^$", "^$", "^$");
    const restricted = new URL(vhost.url);
    [restricted.username, restricted.password] = ["restricted", "hunter2"];
    expect(await refusalOf(restricted.href)).toMatch(
      /^RabbitMQ at [^@\n]*: the user lacks permissions [^\n]*set_permissions[^\n]*$/,
    );
  },
);

it("A port that speaks something else fails the start with a line that says so", async () => {
  await using http = await answering("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
  expect(await refusalOf(http.url)).toMatch(/^RabbitMQ at [^@\n]*does not speak AMQP[^\n]*5672[^\n]*$/);
  const withTls = http.url.replace("amqp:", "amqps:");
  expect(await refusalOf(withTls)).toMatch(/^RabbitMQ at [^@\n]*does not speak TLS[^\n]*RABBITMQ_URL[^\n]*$/);
});

it("A refusal by one node is none while another node can be connected to", async () => {
  await using vhost = await createVhost();
  const wrong = new URL(vhost.url);
  wrong.password = "hunter2";
  await using process = await startBroker(vhost.url, { config: { urls: [wrong.href, vhost.url] } });
  await process.broker.publish(message("accepted"));
  expect(await process.live.messages.next()).toBe("accepted");
});

it.each([
  ["a host that is unknown", () => "amqp://guest:hunter2@rabbitmq.invalid", "the host is unknown"],
  ["a port where nothing listens", deadUrl, "ECONNREFUSED"],
])("With %s the service starts, since the broker may yet come", async (_what, makeUrl, reason) => {
  await using process = openBroker(await makeUrl());
  await process.broker.start();
  const health = process.broker.health();
  expect(health).toMatchObject({ healthy: false, publishing: "connecting", consuming: "connecting" });
  expect(health.lastError).toContain(reason);
});

it("With a port whose connections are closed before AMQP begins the service starts too", async () => {
  await using closing = await answering("");
  await using process = openBroker(closing.url);
  await process.broker.start();
  expect(process.broker.health().lastError).toContain("closed before AMQP begins");
});
