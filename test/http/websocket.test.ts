import { createClient } from "graphql-ws";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { AuthUnavailableError } from "../../src/server/auth/auth-errors.js";
import { type Edge, openEdge, tokenFor } from "./edge.js";
import { RawConnection } from "./raw-connection.js";
import { RawSocket } from "./raw-socket.js";

let edge: Edge;
let token: string;
beforeAll(async () => {
  edge = await openEdge();
  token = await tokenFor("alice");
});
afterAll(async () => {
  await edge[Symbol.asyncDispose]();
});

/** A ping message of exactly that length. */
function ping(bytes: number): string {
  const empty = JSON.stringify({ type: "ping", payload: { padding: "" } });
  return empty.replace('""', `"${"x".repeat(bytes - empty.length)}"`);
}

describe("a socket", () => {
  it.each([["authorization"], ["Authorization"], ["AUTHORIZATION"]])(
    "serves queries, mutations and subscriptions to a viewer who sent %s",
    async (name) => {
      const client = createClient({
        url: edge.socketUrl,
        webSocketImpl: WebSocket,
        connectionParams: { [name]: `bearer ${token}` },
      });
      const results: unknown[] = [];
      for (const query of ["{ me }", "mutation { touch }"]) {
        for await (const { data } of client.iterate({ query })) results.push(data);
      }
      for await (const { data } of client.iterate({ query: "subscription { ticks(count: 2) }" })) {
        results.push(data);
        if (results.length === 4) break;
      }
      expect(results).toEqual([{ me: "alice" }, { touch: "touched" }, { ticks: 1 }, { ticks: 2 }]);
      await client.dispose();
    },
  );

  it.each<[string, (authorization: string) => object]>([
    ["below headers", (authorization) => ({ headers: { Authorization: authorization } })],
    ["below headers, in other cases", (authorization) => ({ HEADERS: { authorization } })],
    ["below headers, with other members", (Authorization) => ({ headers: { Authorization, x: 1 }, y: 2 })],
    ["twice, with the same token", (authorization) => ({ authorization, headers: { authorization } })],
    [
      "twice, the scheme in another case",
      (authorization) => ({
        Authorization: authorization,
        headers: { authorization: authorization.replace("Bearer", "bearer ") },
      }),
    ],
    ["beside headers that are none", (authorization) => ({ authorization, headers: "none" })],
    ["beside one that is null", (authorization) => ({ authorization, headers: { authorization: null } })],
  ])("finds the token %s", async (_name, payloadOf) => {
    await using client = await RawSocket.opened(edge.socketUrl);
    client.send({ type: "connection_init", payload: payloadOf(`Bearer ${token}`) });
    expect((await client.next()).type).toBe("connection_ack");
    client.subscribe("1", "{ me }");
    expect(await client.next()).toMatchObject({ payload: { data: { me: "alice" } } });
  });

  it.each<[string, (authorization: string, other: string) => object]>([
    [
      "beside and below headers",
      (authorization, other) => ({ authorization: other, headers: { authorization } }),
    ],
    ["in two cases", (authorization, other) => ({ authorization, Authorization: other })],
    [
      "in two cases below headers",
      (authorization, other) => ({ headers: { authorization, AUTHORIZATION: other } }),
    ],
    [
      "and something that is no text",
      (authorization) => ({ authorization, headers: { authorization: [authorization] } }),
    ],
  ])("with two tokens, %s, is closed for good", async (_name, payloadOf) => {
    await using client = await RawSocket.opened(edge.socketUrl);
    const payload = payloadOf(`Bearer ${token}`, `Bearer ${await tokenFor("bob")}`);
    client.send({ type: "connection_init", payload });
    expect(await client.closed).toEqual({
      code: 4401,
      reason: "The payload of connection_init contains several tokens: send one",
    });
  });

  it.each([
    [undefined],
    [{}],
    [{ authorization: null }],
    [{ headers: {} }],
    [{ headers: [] }],
    [{ token: "x" }],
  ])("is told where the token is to be when its payload is %j", async (payload) => {
    await using client = await RawSocket.opened(edge.socketUrl);
    client.send({ type: "connection_init", payload });
    const { code, reason } = await client.closed;
    expect(code).toBe(4401);
    expect(reason).toBe(
      'A token is required: send {"authorization": "Bearer <token>"} as the payload of connection_init',
    );
  });

  it.each([
    ["a bad token", { authorization: "Bearer nonsense" }, "The token is not valid"],
    [
      "an authorization that is no text",
      { authorization: 7 },
      "Authorization must have the form: Bearer <token>",
    ],
  ])("with %s is closed for good", async (_name, payload, reason) => {
    await using client = await RawSocket.opened(edge.socketUrl);
    client.send({ type: "connection_init", payload });
    expect(await client.closed).toEqual({ code: 4401, reason });
    expect(client.received).toEqual([]);
  });

  it("with an expired token is closed for good, also within the leeway for clocks", async () => {
    for (const seconds of [-60, -1]) {
      await using client = await RawSocket.opened(edge.socketUrl);
      client.send({
        type: "connection_init",
        payload: { authorization: `Bearer ${await tokenFor("alice", seconds)}` },
      });
      expect(await client.closed).toEqual({ code: 4401, reason: "The token has expired" });
    }
  });

  it.each([
    ["the keys are out of reach", () => Promise.reject(new AuthUnavailableError("hunter2"))],
    ["something unforeseen fails", () => Promise.reject(new TypeError("hunter2"))],
  ])("is asked to come back when %s", async (_name, verifyToken) => {
    await using outage = await openEdge({ verifyToken });
    await using client = await RawSocket.opened(outage.socketUrl);
    client.send({ type: "connection_init", payload: { authorization: "Bearer any" } });
    expect(await client.closed).toEqual({
      code: 1013,
      reason: "Tokens cannot be checked at the moment; try again later",
    });
  });

  it("that says nothing is closed after three seconds", async () => {
    await using client = await RawSocket.opened(edge.socketUrl);
    expect((await client.closed).code).toBe(4408);
  });

  it("that subscribes before it is let in is closed", async () => {
    await using client = await RawSocket.opened(edge.socketUrl);
    client.subscribe("1", "{ hello }");
    expect((await client.closed).code).toBe(4401);
  });

  it("that introduces itself twice is closed", async () => {
    await using client = await RawSocket.acknowledged(edge.socketUrl, token);
    client.send({ type: "connection_init", payload: { authorization: `Bearer ${token}` } });
    expect((await client.closed).code).toBe(4429);
  });

  it.each([["{"], ['{"type":"unheard of"}'], ["\u0000"]])("that sends %j is closed", async (message) => {
    await using client = await RawSocket.acknowledged(edge.socketUrl, token);
    client.send(message);
    expect((await client.closed).code).toBe(4400);
  });

  it.each([[[]], [["graphql-ws"]]])("that offers the subprotocols %j is closed", async (protocols) => {
    const client = new RawSocket(edge.socketUrl, protocols);
    if (protocols.length === 0) expect((await client.closed).code).toBe(4406);
    // A client that asked for a subprotocol and is given none ends the connection itself (RFC 6455, section 4.1).
    else expect((await client.closed).code).toBe(1006);
  });

  it("takes a message of 64 KiB, and is closed by a larger one", async () => {
    await using client = await RawSocket.acknowledged(edge.socketUrl, token);
    client.send(ping(64 * 1024));
    expect((await client.next()).type).toBe("pong");
    client.send(ping(64 * 1024 + 1));
    expect((await client.closed).code).toBe(1009);
  });

  it("does not compress, though the client offers it", async () => {
    await using client = await RawSocket.opened(edge.socketUrl, { perMessageDeflate: true });
    expect(client.socket.extensions).toBe("");
  });

  it("is counted while it is open", async () => {
    await using counted = await openEdge();
    const client = await RawSocket.acknowledged(counted.socketUrl, token);
    expect(counted.server.sockets).toBe(1);
    client.subscribe("1", "subscription { ticks }");
    await client.next();
    client.socket.terminate();
    await counted.met.ticksEnded.raised(1);
    await expect.poll(() => counted.server.sockets).toBe(0);
  });
});

describe("a token that expires on a live socket", () => {
  it("ends it and its operations, and lets nothing out afterwards", async () => {
    await using expiring = await openEdge();
    const exp = await tokenFor("alice", 2);
    await using client = await RawSocket.acknowledged(expiring.socketUrl, exp);
    client.subscribe("1", "subscription { ticks }");
    client.subscribe("2", "{ slow }");
    await client.next();
    await expiring.met.slowBegan.raised(1);
    expect(await client.closed).toEqual({ code: 4403, reason: "The token has expired" });
    await expiring.met.ticksEnded.raised(1);
    expiring.met.slowMayEnd.raise();
    expect(client.received).toHaveLength(2);
  });

  it("lets a client of graphql-ws come back with a new one", async () => {
    const tokens = [await tokenFor("alice", 1), await tokenFor("alice", 3600)];
    let connections = 0;
    const client = createClient({
      url: edge.socketUrl,
      webSocketImpl: WebSocket,
      connectionParams: () => ({ authorization: `Bearer ${tokens[connections++]}` }),
      retryWait: () => Promise.resolve(),
    });
    const ticks = client.iterate({ query: "subscription { ticks }" });
    expect((await ticks.next()).value).toEqual({ data: { ticks: 1 } });
    expect((await ticks.next()).value).toEqual({ data: { ticks: 1 } });
    expect(connections).toBe(2);
    await client.dispose();
  });

  it("does not end it at once when that is further away than a timer reaches", async () => {
    const inSixtyDays = await tokenFor("alice", 60 * 24 * 3600);
    await using client = await RawSocket.acknowledged(edge.socketUrl, inSixtyDays);
    client.subscribe("1", "{ hello }");
    expect((await client.next()).type).toBe("next");
  });
});

describe("an operation over a socket", () => {
  it("is refused when a hundred run there already, and those continue", async () => {
    await using client = await RawSocket.acknowledged(edge.socketUrl, token);
    for (let i = 1; i <= 100; i += 1) client.subscribe(`${i}`, "subscription { ticks }");
    for (let i = 1; i <= 100; i += 1) expect((await client.next()).type).toBe("next");
    client.subscribe("101", "subscription { ticks }");
    expect(await client.next()).toEqual({
      id: "101",
      type: "error",
      payload: [
        {
          message: "At most 100 operations may run concurrently on one connection",
          extensions: { code: "RATE_LIMITED" },
        },
      ],
    });
    client.send({ id: "7", type: "complete" });
    client.subscribe("102", "subscription { ticks }");
    expect(await client.next()).toMatchObject({ id: "102", type: "next" });
  });

  it("can close its connection, for clients to come back", async () => {
    await using client = await RawSocket.acknowledged(edge.socketUrl, token);
    client.subscribe("1", "subscription { tooSlow }");
    expect(await client.closed).toEqual({ code: 1013, reason: "Too slow" });
  });

  it("ends when its client says so", async () => {
    await using ending = await openEdge();
    await using client = await RawSocket.acknowledged(ending.socketUrl, token);
    client.subscribe("1", "subscription { ticks }");
    await client.next();
    client.send({ id: "1", type: "complete" });
    await ending.met.ticksEnded.raised(1);
  });

  it("cannot fill the memory for a client that does not read", async () => {
    await using client = await RawSocket.acknowledged(edge.socketUrl, token);
    client.socket.pause();
    // Each answer waits for its turn at the socket; one operation holds no more than one answer.
    for (let i = 1; i <= 60; i += 1) client.subscribe(`${i}`, "{ big(kilobytes: 1024) }");
    await expect
      .poll(() => edge.logged.some((line) => line.includes("slow subscriber disconnected")), {
        timeout: 5000,
      })
      .toBe(true);
    client.socket.resume();
    expect((await client.closed).code).toBe(1013);
  });
});

describe("a broken handshake", () => {
  it("does no harm to the others", async () => {
    await using stranger = new RawConnection(edge.url);
    stranger.write("GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    expect(await stranger.answer()).toMatch(/^HTTP\/1.1 400 /);
    await using client = await RawSocket.acknowledged(edge.socketUrl, token);
    client.subscribe("1", "{ hello }");
    expect((await client.next()).type).toBe("next");
  });
});
