import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { openCutProxy } from "./cut-proxy.js";

/** A server that sends back what it gets, with a prefix before each piece. */
async function openEcho(prefix = ""): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (data) => socket.write(Buffer.concat([Buffer.from(prefix), data])));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `amqp://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, "close");
    },
  };
}

async function dial(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  await once(socket, "connect");
  // The proxy resets what is still open at the end of a test.
  socket.on("error", () => {});
  return socket;
}

async function echo(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  return String(await once(socket, "data"));
}

test("a healed proxy carries both ways and keeps the URL's other parts", async () => {
  await using server = await openEcho();
  await using proxy = await openCutProxy(`${server.url}/vhost?heartbeat=5`);
  expect(proxy.url).toMatch(/^amqp:\/\/127\.0\.0\.1:\d+\/vhost\?heartbeat=5$/);
  const socket = await dial(proxy.url);
  expect(await echo(socket, "hello")).toBe("hello");
  expect(proxy.connections).toBe(1);
  socket.end();
  await once(socket, "close");
});

test("a cut resets what is connected and what connects, until healed", async () => {
  await using server = await openEcho();
  await using proxy = await openCutProxy(server.url);
  const socket = await dial(proxy.url);
  expect(await echo(socket, "hello")).toBe("hello");
  const reset = once(socket, "close").catch((error: unknown) => String(error));
  proxy.cut();
  expect(await reset).toContain("ECONNRESET");
  expect(proxy.connections).toBe(0);
  const refused = connect(Number(new URL(proxy.url).port), "127.0.0.1");
  expect(String(await once(refused, "close").catch((error: unknown) => error))).toContain("ECONNRESET");
  proxy.heal();
  expect(await echo(await dial(proxy.url), "again")).toBe("again");
});

test("a frozen line stays open in silence, and goes on where it stopped", async () => {
  await using server = await openEcho();
  await using proxy = await openCutProxy(server.url);
  const socket = await dial(proxy.url);
  expect(await echo(socket, "hello")).toBe("hello");
  proxy.freeze();
  const answer = echo(socket, "anyone there?");
  const late = await dial(proxy.url);
  const lateAnswer = echo(late, "me too");
  expect(await Promise.race([answer, lateAnswer, delay(200, "silence")])).toBe("silence");
  expect(proxy.connections).toBe(2);
  proxy.heal();
  expect(await Promise.all([answer, lateAnswer])).toEqual(["anyone there?", "me too"]);
});

test("new connections lead to another server, and those that are open stay", async () => {
  await using first = await openEcho("first: ");
  await using second = await openEcho("second: ");
  await using proxy = await openCutProxy(first.url);
  const open = await dial(proxy.url);
  expect(await echo(open, "hello")).toBe("first: hello");
  proxy.leadTo(second.url);
  expect(await echo(await dial(proxy.url), "hello")).toBe("second: hello");
  expect(await echo(open, "again")).toBe("first: again");
});

test("a slow line carries every byte in order, late, and at once again when healed", async () => {
  await using server = await openEcho();
  await using proxy = await openCutProxy(server.url);
  const delays = [60, 5, 30, 0, 20];
  proxy.slow(() => delays.shift() ?? 10);
  const socket = await dial(proxy.url);
  const began = performance.now();
  const pieces = Array.from({ length: 200 }, (_, index) => `${index};`);
  let received = "";
  const all = new Promise<void>((resolve) =>
    socket.on("data", (data) => {
      received += data.toString();
      if (received.length === pieces.join("").length) resolve();
    }),
  );
  for (const [index, piece] of pieces.entries()) {
    socket.write(piece);
    if (index % 20 === 0) await delay(1);
    if (index === 150) proxy.heal();
  }
  await all;
  expect(received).toBe(pieces.join(""));
  expect(performance.now() - began).toBeGreaterThanOrEqual(60);
  socket.end();
  await once(socket, "close");
});
