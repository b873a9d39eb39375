import { type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { handleProtocols } from "graphql-ws";
import { type WebSocket, WebSocketServer } from "ws";
import { pause } from "../../scheduling/pause.js";
import { markInexactNumbers } from "../../validation/json.js";
import { clientAddress } from "../requests/client-address.js";
import { closeCodes } from "./close-codes.js";
import type { ServerOptions } from "../server-options.js";
import type { ConnectionLimits } from "../connection-limits.js";
import type { OperationValidation } from "../operations/operation-validation.js";
import { isOriginAllowed } from "../security/websocket-origin.js";
import { InboundRateLimiter } from "./inbound-rate-limit.js";
import { checkHeaders } from "../requests/header-check.js";
import { WebSocketConnection } from "./websocket-connection.js";
import { createWebSocketProtocol, createPong } from "./graphql-protocol.js";
import { UnauthenticatedSockets } from "./unauthenticated-sockets.js";
import { createUpgradeFallback, offersWebSocket } from "./upgrade-request.js";
import type { BufferedBytes } from "../buffering/buffered-bytes.js";

/** The largest message that a client may send, in bytes (OWASP WebSocket Security Cheat Sheet). A larger one closes the socket with 1009. */
export const maxMessageBytes = 64 * 1024;

/**
 * On shutdown, sockets are closed in batches of at least `size`, one every `interval` ms, so that the other instances do not receive all
 * clients at once. Clients whose sockets are still open keep receiving events.
 */
const closeBatches = { size: 100, interval: 100 };

/** The WebSockets of a server. */
export interface WebSocketEndpoint {
  /** The number of open sockets. */
  readonly count: number;
  /**
   * Accepts no more sockets and closes all with 1012, in batches, within `timeout` ms. Sockets whose peers have not closed them after
   * the same time again are terminated.
   */
  close(timeout: number): Promise<void>;
}

/** Serves GraphQL over WebSocket at /graphql of an HTTP server, and rejects WebSockets on other paths. */
export function attachWebSocketEndpoint<TContext extends object>(
  server: Server,
  options: ServerOptions<TContext>,
  operations: OperationValidation,
  limits: ConnectionLimits,
  outgoing: BufferedBytes,
): WebSocketEndpoint {
  const protocol = createWebSocketProtocol(options, operations);
  const connections = new Set<WebSocketConnection>();
  const unauthenticated = new UnauthenticatedSockets(limits.unauthenticatedSockets);
  const inboundRates = new InboundRateLimiter(limits);
  let accepting = true;
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    handleProtocols,
  });

  /** The status that rejects an upgrade request; null when it is accepted. */
  function rejectionStatus(request: IncomingMessage): number | null {
    const { url = "", headers } = request;
    const invalid = checkHeaders(request);
    if (invalid !== null) return invalid.status;
    if (url.split("?", 1)[0] !== "/graphql") return 404;
    if (!isOriginAllowed(headers.origin, headers.host, options.corsOrigins)) return 403;
    return accepting ? null : 503;
  }

  function open(socket: WebSocket, transport: Duplex, address: string): void {
    const inboundRate = inboundRates.addSocket(address);
    const connection = new WebSocketConnection(socket, {
      address,
      outgoing,
      inboundRate,
      limits,
      log: options.log,
    });
    transport.on("data", (chunk: Buffer) => connection.countReceived(chunk.length));
    connections.add(connection);
    void connection.closed.then(() => {
      connections.delete(connection);
      inboundRate.release();
    });
    holdSlot(connection, address);
    const endOperations = protocol.opened(
      {
        protocol: connection.protocol,
        send: async (data) => connection.send(data),
        close: (code = 1000, reason = "") => connection.close(code, reason),
        onMessage: (listener) => connection.onMessage((data) => listener(markInexactNumbers(data))),
        onPing: async (payload) => connection.pong(createPong(payload, connection)),
      },
      connection,
    );
    connection.closing
      .then(({ code, reason }) => endOperations(code, reason))
      .catch((error: unknown) => {
        connection.log.error({ err: error }, "operation cleanup failed");
      });
  }

  /** Holds a slot for the socket until it is authenticated. */
  function holdSlot(connection: WebSocketConnection, address: string): void {
    const slot = unauthenticated.acquire(address, () => {
      connection.closeImmediately(closeCodes.tryAgainLater, "Too many connections without a token");
    });
    void connection.tokenReceived.then(slot.renew);
    void connection.authenticated.then(slot.release);
    void connection.closed.then(slot.release);
  }

  const answerWithoutUpgrade = createUpgradeFallback(server);
  server.on("upgrade", (request, socket, head) => {
    if (!offersWebSocket(request)) {
      answerWithoutUpgrade(request, socket, head);
      return;
    }
    const status = rejectionStatus(request);
    if (status === null) {
      // The client may have offered several protocols, and ws accepts only a single one in this header.
      request.headers.upgrade = "websocket";
      const address = clientAddress(request.socket.remoteAddress);
      sockets.handleUpgrade(request, socket, head, (opened) => open(opened, socket, address));
      return;
    }
    options.log.info({ status, origin: request.headers.origin?.slice(0, 200) }, "socket rejected");
    reject(socket, status);
  });

  return {
    get count() {
      return connections.size;
    },
    async close(timeout) {
      accepting = false;
      const waiting = [...connections];
      const batch = Math.max(
        closeBatches.size,
        Math.ceil((waiting.length * closeBatches.interval) / timeout),
      );
      while (waiting.length > 0) {
        for (const connection of waiting.splice(0, batch)) {
          connection.close(closeCodes.serviceRestart, "The server restarts");
        }
        if (waiting.length > 0) await pause(closeBatches.interval);
      }
      const timer = setTimeout(() => {
        for (const connection of connections) connection.terminate();
      }, timeout);
      await Promise.all(Array.from(connections, async (connection) => connection.closed));
      clearTimeout(timer);
      sockets.close();
    },
  };
}

function reject(socket: Duplex, status: number): void {
  socket.on("error", () => socket.destroy());
  socket.once("finish", () => socket.destroy());
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    "Connection: close",
    "Content-Length: 0",
  ];
  if (status === 503) lines.push("Retry-After: 5");
  socket.end(`${lines.join("\r\n")}\r\n\r\n`);
}
