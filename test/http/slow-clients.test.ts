import { describe, expect, it } from "vitest";
import { type Edge, openEdge, tokenFor } from "./edge.js";
import { RawConnection } from "./raw-connection.js";
import { RawSocket } from "./raw-socket.js";
import { query } from "./requests.js";

const MiB = 1024 * 1024;

/** More than the buffers of two sockets of the system take, so that the rest waits in memory. */
const large = 12;

/** Requests a response of `mebibytes` MiB, and does not read it. */
function askWithoutReading(edge: Edge, mebibytes = large, from?: string): RawConnection {
  const connection = new RawConnection(edge.url, from).stopReading();
  const body = JSON.stringify({ query: `{ big(kilobytes: ${mebibytes * 1024}) }` });
  connection.write(requestWith(body, body.length));
  return connection;
}

function requestWith(body: string, length: number): string {
  const lines = [
    "POST /graphql HTTP/1.1",
    "Host: x",
    "Content-Type: application/json",
    `Content-Length: ${length}`,
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

/** Waits until `count` connections were closed for this reason. */
async function cuts(edge: Edge, reason: string, count: number): Promise<void> {
  await expect
    .poll(() => edge.logged.filter((line) => line.includes(reason)).length, { timeout: 10_000 })
    .toBe(count);
}

const wholeAnswer = /"}}\n$/;
const notRead = "slow client disconnected";

describe("an answer that nobody reads", () => {
  it("is cut off after its time, and that of a client that reads is not", async () => {
    await using edge = await openEdge({ limits: { readTimeout: 500, minReadRate: 1024 * MiB } });
    await using stalled = askWithoutReading(edge);
    await cuts(edge, notRead, 1);
    stalled.read();
    expect((await stalled.ended).length).toBeLessThan(large * MiB);
    expect((await query(edge.graphqlUrl, "{ big(kilobytes: 1024) }")).text.length).toBeGreaterThan(MiB);
    expect(edge.logged.filter((line) => line.includes(notRead))).toHaveLength(1);
  });

  it("has longer, the longer it is", async () => {
    await using edge = await openEdge({ limits: { readTimeout: 100, minReadRate: 8 * MiB } });
    await using long = askWithoutReading(edge, 3 * large);
    await using short = askWithoutReading(edge, large);
    await cuts(edge, notRead, 1);
    short.read();
    expect((await short.ended).length).toBeLessThan(large * MiB);
    await cuts(edge, notRead, 2);
    long.read();
    expect((await long.ended).length).toBeLessThan(3 * large * MiB);
  });

  it("gives way to the next when its address holds too much", async () => {
    await using edge = await openEdge({ limits: { bufferedBytesPerAddress: 2.5 * large * MiB } });
    await using first = askWithoutReading(edge);
    await using second = askWithoutReading(edge);
    await using third = askWithoutReading(edge);
    await cuts(edge, notRead, 1);
    const answers = [first, second, third].map(async (connection) => {
      connection.read();
      return await connection.answer(wholeAnswer).catch(() => connection.ended);
    });
    const whole = (await Promise.all(answers)).filter(({ length }) => length > large * MiB);
    expect(whole).toHaveLength(2);
  });

  it("costs the address that holds most, and no other", async () => {
    await using edge = await openEdge({ limits: { bufferedBytes: 3.5 * large * MiB } });
    await using other = askWithoutReading(edge, large, "127.0.0.2");
    const largest = Array.from({ length: 6 }, () => askWithoutReading(edge));
    await cuts(edge, notRead, 4);
    other.read();
    expect((await other.answer(wholeAnswer)).length).toBeGreaterThan(large * MiB);
    for (const connection of largest) await connection[Symbol.asyncDispose]();
  });
});

describe("a body that is never complete", () => {
  it("gives way to the next when its address holds too much", async () => {
    await using edge = await openEdge({ limits: { bufferedBytesPerAddress: 2.2 * MiB } });
    const half = requestWith(`{ "query": "${"x".repeat(MiB / 2)}`, MiB);
    const connections = Array.from({ length: 6 }, () => new RawConnection(edge.url));
    for (const connection of connections) connection.write(half);
    await cuts(edge, "request disconnected: too many incomplete bodies", 2);
    expect((await query(edge.graphqlUrl, "{ hello }")).body.data).toEqual({ hello: "world" });
    for (const connection of connections) await connection[Symbol.asyncDispose]();
  });
});

describe("a socket that reads nothing", () => {
  it("is cut off after the time of what waits for it", async () => {
    await using edge = await openEdge({ limits: { readTimeout: 300, minReadRate: 100 * MiB } });
    await using client = await RawSocket.acknowledged(edge.socketUrl, await tokenFor("alice"));
    client.socket.pause();
    for (let id = 1; id <= 12; id += 1) client.subscribe(`${id}`, "{ big(kilobytes: 1024) }");
    await cuts(edge, "slow subscriber disconnected", 1);
    await expect.poll(() => edge.server.sockets).toBe(0);
  });

  it("costs its address, where many have too much together", async () => {
    await using edge = await openEdge({ limits: { bufferedBytesPerAddress: 20 * MiB } });
    const token = await tokenFor("alice");
    const clients: RawSocket[] = [];
    for (let place = 0; place < 4; place += 1) {
      const client = await RawSocket.acknowledged(edge.socketUrl, token);
      client.socket.pause();
      for (let id = 1; id <= 15; id += 1) client.subscribe(`${id}`, "{ big(kilobytes: 1024) }");
      clients.push(client);
    }
    await expect.poll(() => edge.server.sockets, { timeout: 10_000 }).toBeLessThanOrEqual(2);
    expect(edge.logged.join("")).not.toContain('"limit":"socket"');
    for (const client of clients) await client[Symbol.asyncDispose]();
  });
});
