import { createClient } from "graphql-ws";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { openEdge, tokenFor } from "./edge.js";
import { RawConnection } from "./raw-connection.js";
import { RawSocket } from "./raw-socket.js";
import { query } from "./requests.js";
import { upTo } from "../kit/items.js";

async function millisecondsOf(work: Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work;
  return performance.now() - begin;
}

describe("closing the server", () => {
  it("closes sockets with 1012 and ends their operations", async () => {
    await using edge = await openEdge();
    const client = await RawSocket.acknowledged(edge.socketUrl, await tokenFor("alice"));
    client.subscribe("1", "subscription { ticks }");
    await client.next();
    expect(await millisecondsOf(edge.server.close())).toBeLessThan(500);
    expect(await client.closed).toEqual({ code: 1012, reason: "The server restarts" });
    expect(edge.met.ticksEnded.count).toBe(1);
    expect(edge.server.sockets).toBe(0);
  });

  it("lets a client of graphql-ws come back to the next server", async () => {
    await using first = await openEdge();
    await using second = await openEdge();
    const token = await tokenFor("alice");
    const urls = [first.socketUrl, second.socketUrl];
    const client = createClient({
      url: () => urls.shift() ?? second.socketUrl,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryWait: () => Promise.resolve(),
    });
    const ticks = client.iterate({ query: "subscription { ticks }" });
    await ticks.next();
    await first.server.close();
    expect((await ticks.next()).value).toEqual({ data: { ticks: 1 } });
    expect(second.server.sockets).toBe(1);
    await client.dispose();
  });

  it("waits for requests in flight, and accepts no new connection", async () => {
    await using edge = await openEdge();
    const running = query(edge.graphqlUrl, "{ slow }");
    await edge.met.slowBegan.raised(1);
    const closing = edge.server.close();
    await expect(new RawConnection(edge.url).opened()).rejects.toThrow(/ECONNREFUSED/);
    edge.met.slowMayEnd.raise();
    const answer = await running;
    expect(answer.body.data).toEqual({ slow: "done" });
    await closing;
  });

  it("is told by /health/ready on connections that are still open", async () => {
    await using edge = await openEdge();
    const running = query(edge.graphqlUrl, "{ slow }");
    await edge.met.slowBegan.raised(1);
    await using probe = await new RawConnection(edge.url).opened();
    probe.write("GET /health/ready HTTP/1.1\r\nHost: x\r\n");
    // By the answer to this later connection the server has taken the earlier one too.
    await query(edge.graphqlUrl, "{ hello }");
    const closing = edge.server.close();
    probe.write("\r\n");
    const answer = await probe.answer();
    expect(answer).toMatch(/^HTTP\/1.1 503 /);
    expect(answer).toMatch(/connection: close/i);
    expect(answer).toContain('"accepting":false');
    edge.met.slowMayEnd.raise();
    expect((await running).body.data).toEqual({ slow: "done" });
    await closing;
  });

  it("spreads the ends of many sockets, so that the others are served while the first are back elsewhere", async () => {
    await using edge = await openEdge();
    const token = await tokenFor("alice");
    const clients = await Promise.all(upTo(250).map(() => RawSocket.acknowledged(edge.socketUrl, token)));
    const closedAt = clients.map(async ({ closed }) => {
      expect(await closed).toMatchObject({ code: 1012 });
      return performance.now();
    });
    const begin = performance.now();
    await edge.server.close();
    const waited = (await Promise.all(closedAt)).map((time) => time - begin).toSorted((x, y) => x - y);
    // A hundred at once, the second hundred 100 ms later at the soonest, and then the rest.
    expect(waited[100]).toBeGreaterThan(95);
    expect(waited[200]).toBeGreaterThan(195);
    expect(waited[0]).toBeLessThan(waited[200] ?? 0);
  });

  it("is announced by /health/ready when the server drains, while it continues to accept sockets and requests", async () => {
    await using edge = await openEdge();
    await using early = await RawSocket.acknowledged(edge.socketUrl, await tokenFor("alice"));
    const health = async () => (await fetch(`${edge.url}/health/ready`)).status;
    expect(await health()).toBe(200);
    await edge.server.drain(1);
    expect(await health()).toBe(503);
    await using late = await RawSocket.acknowledged(edge.socketUrl, await tokenFor("bob"));
    expect((await query(edge.graphqlUrl, "{ hello }")).body.data).toEqual({ hello: "world" });
    for (const client of [early, late]) {
      client.subscribe("1", "subscription { ticks }");
      expect(await client.next()).toMatchObject({ type: "next" });
    }
    await edge.server.close();
    for (const client of [early, late]) expect(await client.closed).toMatchObject({ code: 1012 });
  });

  it("is not held up by idle keep-alive connections, nor by one that never asks", async () => {
    await using edge = await openEdge();
    await query(edge.graphqlUrl, "{ hello }");
    await using _silent = await new RawConnection(edge.url).opened();
    expect(await millisecondsOf(edge.server.close())).toBeLessThan(500);
  });

  it("cuts off a socket that does not read, in bounded time", async () => {
    await using edge = await openEdge();
    await using client = await RawSocket.acknowledged(edge.socketUrl, await tokenFor("alice"));
    client.subscribe("1", "subscription { ticks }");
    await client.next();
    client.socket.pause();
    const milliseconds = await millisecondsOf(edge.server.close(10_000));
    expect(milliseconds).toBeGreaterThan(1500);
    expect(milliseconds).toBeLessThan(3000);
  });

  it("cuts off requests that take longer than the deadline", async () => {
    await using edge = await openEdge();
    const running = query(edge.graphqlUrl, "{ slow }").catch(() => "cut off");
    await edge.met.slowBegan.raised(1);
    expect(await millisecondsOf(edge.server.close(300))).toBeLessThan(1000);
    expect(await running).toBe("cut off");
    expect(edge.logged.join("")).toContain("shutdown deadline reached: requests aborted");
  });

  it("happens once, however often it is asked for", async () => {
    const edge = await openEdge();
    await Promise.all([edge.server.close(), edge.server.close()]);
    await edge.server.close();
  });
});
