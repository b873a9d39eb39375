import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { type Edge, openEdge, tokenFor } from "./edge.js";
import { RawSocket } from "./raw-socket.js";

/** Opens sockets one after the other that say nothing. */
async function openSilent(edge: Edge, count: number, from: string): Promise<RawSocket[]> {
  const sockets: RawSocket[] = [];
  for (let place = 0; place < count; place += 1) {
    sockets.push(await RawSocket.opened(edge.socketUrl, { localAddress: from }));
  }
  return sockets;
}

/** Opens a socket from an address, shows a token, and tells whether it is let in. */
async function isLetIn(edge: Edge, from: string): Promise<boolean> {
  await using client = await RawSocket.opened(edge.socketUrl, { localAddress: from });
  client.send({ type: "connection_init", payload: { authorization: `Bearer ${await tokenFor("alice")}` } });
  return (await client.next()).type === "connection_ack";
}

async function endAll(sockets: readonly RawSocket[]): Promise<void> {
  for (const socket of sockets) await socket[Symbol.asyncDispose]();
}

describe("where silent sockets have taken every place", () => {
  it("a new client of another address is admitted, and replaces the oldest socket of the address that has most", async () => {
    await using edge = await openEdge({ limits: { unauthenticatedSockets: 5 } });
    const [other] = await openSilent(edge, 1, "127.0.0.2");
    const many = await openSilent(edge, 4, "127.0.0.1");
    expect(await isLetIn(edge, "127.0.0.3")).toBe(true);
    expect(await many[0]?.closed).toEqual({ code: 1013, reason: "Too many connections without a token" });
    expect([other, ...many.slice(1)].map((client) => client?.socket.readyState)).toEqual(
      Array.from({ length: 4 }, () => WebSocket.OPEN),
    );
    await endAll(many);
  });

  it("a new client of the same address is admitted, as behind a proxy, where all have one", async () => {
    await using edge = await openEdge({ limits: { unauthenticatedSockets: 5 } });
    const first = await openSilent(edge, 5, "127.0.0.1");
    for (let place = 0; place < 5; place += 1) {
      const more = await openSilent(edge, 5, "127.0.0.1");
      expect(await isLetIn(edge, "127.0.0.1")).toBe(true);
      await endAll(more);
    }
    await endAll(first);
  });

  it("one whose token is being checked keeps its place, and those that say nothing go", async () => {
    let release: () => void = () => {};
    const checked = new Promise<void>((resolve) => {
      release = resolve;
    });
    await using edge = await openEdge({
      limits: { unauthenticatedSockets: 5 },
      async verifyToken() {
        await checked;
        return { userId: "alice", scopes: new Set(), expiresAt: Date.now() + 60_000 };
      },
    });
    await using legitimate = await RawSocket.opened(edge.socketUrl);
    const silent = await openSilent(edge, 4, "127.0.0.1");
    legitimate.send({ type: "connection_init", payload: { authorization: "Bearer any" } });
    // By its answer the server has read what was sent before.
    legitimate.socket.ping();
    await new Promise((resolve) => legitimate.socket.once("pong", resolve));
    const more = await openSilent(edge, 4, "127.0.0.1");
    for (const { closed } of silent) expect((await closed).code).toBe(1013);
    release();
    expect((await legitimate.next()).type).toBe("connection_ack");
    await endAll(more);
  });

  it("sockets with a token take none", async () => {
    await using edge = await openEdge({ limits: { unauthenticatedSockets: 2 } });
    const token = await tokenFor("alice");
    const clients: RawSocket[] = [];
    for (let place = 0; place < 6; place += 1) {
      clients.push(await RawSocket.acknowledged(edge.socketUrl, token));
    }
    expect(edge.server.sockets).toBe(6);
    await endAll(clients);
  });
});

describe("a socket without a token", () => {
  it("has its pings answered, without their payload", async () => {
    await using edge = await openEdge();
    await using client = await RawSocket.opened(edge.socketUrl);
    client.send({ type: "ping", payload: { padding: "x".repeat(1000) } });
    expect(await client.next()).toEqual({ type: "pong" });
  });

  it.each([
    ["in one message", [40_000]],
    ["in many", Array.from({ length: 40 }, () => 1000)],
  ])("may send 32 KiB and no more, %s", async (_name, lengths) => {
    await using edge = await openEdge();
    await using client = await RawSocket.opened(edge.socketUrl);
    for (const length of lengths) client.send({ type: "ping", payload: { padding: "x".repeat(length) } });
    expect(await client.closed).toEqual({ code: 1008, reason: "Too many bytes were sent before a token" });
  });

  it("may have a long one", async () => {
    await using edge = await openEdge({
      verifyToken: () =>
        Promise.resolve({ userId: "alice", scopes: new Set(), expiresAt: Date.now() + 60_000 }),
    });
    await using client = await RawSocket.acknowledged(edge.socketUrl, "x".repeat(16 * 1024));
    client.send({ type: "ping", payload: { padding: "x".repeat(60_000) } });
    expect((await client.next()).type).toBe("pong");
  });
});

describe("a socket with a token", () => {
  it("has short payloads of its pings repeated, and not long or deep ones", async () => {
    await using edge = await openEdge();
    await using client = await RawSocket.acknowledged(edge.socketUrl, await tokenFor("alice"));
    client.send({ type: "ping", payload: { at: 7 } });
    expect(await client.next()).toEqual({ type: "pong", payload: { at: 7 } });
    client.send({ type: "ping", payload: { padding: "x".repeat(60_000) } });
    expect(await client.next()).toEqual({ type: "pong" });
    client.send(`{"type":"ping","payload":{"deep":${"[".repeat(30_000)}${"]".repeat(30_000)}}}`);
    expect(await client.next()).toEqual({ type: "pong" });
  });

  it("has one pong waiting at most, however many pings it sends", async () => {
    await using edge = await openEdge();
    await using client = await RawSocket.acknowledged(edge.socketUrl, await tokenFor("alice"));
    client.socket.pause();
    for (let id = 1; id <= 12; id += 1) client.subscribe(`${id}`, "{ big(kilobytes: 1024) }");
    for (let count = 0; count < 1000; count += 1) client.send({ type: "ping" });
    client.subscribe("last", "subscription { ticks }");
    await expect.poll(() => edge.met.ticksBegan.count).toBe(1);
    client.socket.resume();
    for (;;) {
      const { id, type } = await client.next();
      if (id === "last" && type === "next") break;
    }
    const pongs = client.received.filter((text) => text.includes('"pong"'));
    expect(pongs.length).toBeGreaterThan(0);
    expect(pongs.length).toBeLessThan(100);
  });

  it("is read no faster than its share, and loses nothing", async () => {
    const limits = { inboundBytesPerSecond: 100_000, inboundBytesPerSecondPerAddress: 1_000_000 };
    await using edge = await openEdge({ limits });
    await using fast = await RawSocket.acknowledged(edge.socketUrl, await tokenFor("alice"));
    await using other = await RawSocket.acknowledged(edge.socketUrl, await tokenFor("bob"));
    const begin = performance.now();
    for (let count = 0; count < 6; count += 1) {
      fast.send({ type: "ping", payload: { padding: "x".repeat(60_000) } });
    }
    fast.subscribe("last", "{ hello }");
    other.subscribe("1", "{ hello }");
    expect(await other.next()).toMatchObject({ id: "1", type: "next" });
    for (let message = await fast.next(); message.id !== "last"; message = await fast.next()) {
      expect(message.type).toBe("pong");
    }
    expect(performance.now() - begin).toBeGreaterThan(1500);
  });

  it.each([
    ["a message that only a server may send", { type: "next", id: "1", payload: { data: null } }],
    ["an acknowledgement", { type: "connection_ack" }],
  ])("that sends %s is closed, without a stack in the log", async (_name, message) => {
    await using edge = await openEdge();
    await using client = await RawSocket.acknowledged(edge.socketUrl, await tokenFor("alice"));
    client.send(message);
    expect(await client.closed).toEqual({ code: 4400, reason: "Invalid message received" });
    expect(edge.logged.join("")).not.toContain('"stack"');
  });

  it("is closed for an id that is taken already, however long it is", async () => {
    await using edge = await openEdge();
    await using client = await RawSocket.acknowledged(edge.socketUrl, await tokenFor("alice"));
    const id = "é".repeat(500);
    client.subscribe(id, "subscription { ticks }");
    client.subscribe(id, "subscription { ticks }");
    const { code, reason } = await client.closed;
    expect(code).toBe(4409);
    expect(reason).toMatch(/^Subscriber for é+$/);
    expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
    expect(edge.logged.join("")).not.toContain('"stack"');
  });
});
