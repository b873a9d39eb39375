import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/**
 * Whether the request offers an upgrade to WebSocket, possibly among other protocols. A server ignores the offers that it does not
 * support and answers over HTTP/1.1 (RFC 9110, section 7.8); curl and Java's HttpClient, for example, offer h2c.
 */
export function offersWebSocket({ method, headers }: IncomingMessage): boolean {
  const offers = headers.upgrade?.split(",") ?? [];
  return method === "GET" && offers.some((offer) => offer.trim().toLowerCase() === "websocket");
}

/** Answers a request over HTTP/1.1, as if it offered no upgrade. */
type AnswerWithoutUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/**
 * Returns requests to the HTTP server without their `Upgrade` header. Node.js before 22.21 and 24.9 emits every request that has the
 * header as an "upgrade" event; later versions call `shouldUpgradeCallback` first. The head of the request is therefore written back in
 * front of the data that followed it, and the socket is given to the server as a new connection.
 */
export function createUpgradeFallback(server: Server): AnswerWithoutUpgrade {
  /** The latest unfinished response of each connection. A pipelined request must wait for it. */
  const unfinished = new WeakMap<Duplex, ServerResponse>();
  server.on("request", ({ socket }, response: ServerResponse) => {
    unfinished.set(socket, response);
    response.once("close", () => {
      if (unfinished.get(socket) === response) unfinished.delete(socket);
    });
  });

  return (request, socket, head) => {
    const resubmit = (): void => {
      socket.unshift(Buffer.concat([headOf(request), head]));
      server.emit("connection", socket);
    };
    const previous = unfinished.get(socket);
    if (previous === undefined) resubmit();
    else previous.once("close", resubmit);
  };
}

/** The request line and the headers, without `Upgrade`. */
function headOf({ method = "", url = "", httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    if (name.toLowerCase() !== "upgrade") lines.push(`${name}: ${rawHeaders[index + 1] ?? ""}`);
  }
  // Node.js reads header values as Latin-1.
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}
