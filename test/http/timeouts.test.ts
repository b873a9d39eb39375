import { describe, expect, it } from "vitest";
import { openEdge } from "./edge.js";
import { RawConnection } from "./raw-connection.js";

/** Far less than the 30 seconds after which Node.js looks by default, however busy the machine. */
const soon = 10_000;

const limits = { headersTimeout: 300, requestTimeout: 900 };

describe("a request that comes too slowly", () => {
  it.each([
    ["never begins", ""],
    ["does not end its first line", "GET / HT"],
    ["does not end its headers", "GET /health/live HTTP/1.1\r\nHost: x\r\nX-Slow: a"],
    [
      "does not end its body",
      "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
    ],
    [
      "does not end its body of chunks",
      "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{",
    ],
  ])("and %s gets 408 soon after its time", async (_name, beginning) => {
    await using edge = await openEdge({ limits });
    const begin = performance.now();
    await using connection = await new RawConnection(edge.url).opened();
    connection.write(beginning);
    expect(await connection.ended).toMatch(/^HTTP\/1\.1 408 /);
    expect(performance.now() - begin).toBeLessThan(soon);
    expect(edge.logged.join("")).not.toContain('"stack"');
  });

  it("gains no time by a byte now and then", async () => {
    await using edge = await openEdge({ limits });
    await using connection = await new RawConnection(edge.url).opened();
    connection.write("GET /health/live HTTP/1.1\r\nHost: x\r\nX-Slow: ");
    const trickle = setInterval(() => connection.write("a"), 50);
    expect(await connection.ended).toMatch(/^HTTP\/1\.1 408 /);
    clearInterval(trickle);
  });

  it("is on a connection that others have used", async () => {
    await using edge = await openEdge({ limits });
    await using connection = new RawConnection(edge.url);
    connection.write("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
    await connection.answer(/\}$/);
    connection.write("GET /health/live HT");
    expect(await connection.ended).toMatch(/HTTP\/1\.1 408 [^]*$/);
  });
});
