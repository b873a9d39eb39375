/**
 * Measures the service against floors in the same run: what PostgreSQL, RabbitMQ and ws cost without it, on the same machine
 * at the same time. Times of different runs and machines say little; the ratios say what Carillon adds.
 */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import amqp from "amqplib";
import pLimit from "p-limit";
import { WebSocket, WebSocketServer } from "ws";
import { openPostgresPool } from "../src/server/database/postgres-pool.js";
import { CreateNotificationDocument } from "../src/client/generated.js";
import { createLog } from "../src/server/telemetry/log.js";
import { backendToken, token } from "../test/kit/app.js";
import { type Instance, startInstance } from "../test/kit/instance.js";
import { request } from "../test/kit/requests.js";
import { subscribe } from "./subscribe.js";
import { startPostgres } from "../test/services/postgres-server.js";
import { startRabbitmqNode } from "../test/services/rabbitmq-node.js";

const creations = 2000;
const concurrency = 32;
const roundTrips = 300;
const connected = 500;

await using postgres = await startPostgres();
await using rabbitmq = await startRabbitmqNode();
const environment = { DATABASE_URL: postgres.url, RABBITMQ_URL: rabbitmq.url, LOG_LEVEL: "error" };
await using a = await startInstance(environment);
await using b = await startInstance(environment);
const backend = await backendToken();

function create(instance: Instance, userId: string): Promise<unknown> {
  const input = { userId, category: "bench", title: "A notification of ordinary length" };
  return request(instance.url, backend, CreateNotificationDocument, { input });
}

/** Milliseconds that `run` takes. */
async function time(run: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await run();
  return performance.now() - begin;
}

function atOnce(count: number, run: (index: number) => Promise<unknown>): Promise<unknown> {
  const limit = pLimit(concurrency);
  return Promise.all(Array.from({ length: count }, (_, index) => limit(() => run(index))));
}

function median(values: readonly number[]): number {
  return values.toSorted((x, y) => x - y)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function report(what: string, ours: number, floor: number, floorName: string): void {
  const line = `${what}: ${ours.toFixed(2)} ms; ${floorName}: ${floor.toFixed(2)} ms; ratio ${(ours / floor).toFixed(1)}`;
  process.stdout.write(`${line}\n`);
}

async function benchCreate(): Promise<void> {
  const pool = openPostgresPool({ url: postgres.url, poolSize: 10, log: createLog("silent") });
  await pool.execute("create table bench_floor (id serial primary key, body text)", []);
  const insert = () => pool.execute("insert into bench_floor (body) values ($1)", ["x".repeat(200)]);
  await atOnce(500, insert);
  await atOnce(500, (index) => create(a, `warm-${index % 50}`));
  const floor = await time(() => atOnce(creations, insert));
  const ours = await time(() => atOnce(creations, (index) => create(a, `user-${index % 50}`)));
  await pool.close();
  report(
    "createNotification over HTTP, each of 32 at once",
    ours / creations,
    floor / creations,
    "one INSERT",
  );
}

async function benchLive(): Promise<void> {
  const connection = await amqp.connect(rabbitmq.url);
  const channel = await connection.createChannel();
  const { queue } = await channel.assertQueue("", { exclusive: true });
  let arrived: () => void = () => undefined;
  await channel.consume(queue, () => arrived(), { noAck: true });
  const floors: number[] = [];
  for (let round = 0; round < roundTrips; round += 1) {
    const trip = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    floors.push(await time(() => (channel.sendToQueue(queue, Buffer.alloc(500)), trip)));
  }
  await connection.close();

  await using tab = subscribe(b.url, await token("live"), { userId: "live" });
  await tab.until(1, "InboxReady");
  const ours: number[] = [];
  for (let round = 1; round <= roundTrips; round += 1) {
    ours.push(
      await time(async () => {
        await create(a, "live");
        await tab.until(round, "NotificationCreated");
      }),
    );
  }
  report(
    "created on one instance, received on another",
    median(ours),
    median(floors),
    "through RabbitMQ alone",
  );
}

async function benchFanOut(): Promise<void> {
  const server = new WebSocketServer({ port: 0 });
  await once(server, "listening");
  // The server listens on a TCP port, so its address is of that form.
  const { port } = server.address() as AddressInfo;
  const sockets = Array.from({ length: connected }, () => new WebSocket(`ws://127.0.0.1:${port}`));
  await Promise.all(sockets.map((socket) => once(socket, "open")));
  const floor = await time(async () => {
    const received = sockets.map((socket) => once(socket, "message"));
    for (const socket of server.clients) socket.send("x".repeat(500));
    await Promise.all(received);
  });
  for (const socket of sockets) socket.terminate();
  server.close();

  const tabs = await Promise.all(
    Array.from({ length: connected }, async () =>
      subscribe(b.url, await token("popular"), { userId: "popular" }),
    ),
  );
  await Promise.all(tabs.map((tab) => tab.until(1, "InboxReady")));
  const ours = await time(async () => {
    await create(a, "popular");
    await Promise.all(tabs.map((tab) => tab.until(1, "NotificationCreated")));
  });
  await Promise.all(tabs.map((tab) => tab[Symbol.asyncDispose]()));
  report(`one event to ${connected} tabs`, ours, floor, "ws alone");
}

await benchCreate();
await benchLive();
await benchFanOut();
