import { type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { handleProtocols } from "graphql-ws";
import { type WebSocket, WebSocketServer } from "ws";
import { closeCodes } from "./close-codes.js";
import type { ServerDependencies } from "./dependencies.js";
import type { Operations } from "./operations.js";
import { mayConnect } from "./origins.js";
import { SocketConnection } from "./socket-connection.js";
import { createSocketProtocol } from "./socket-protocol.js";

/** The largest message a client may send, in bytes (OWASP WebSocket Security Cheat Sheet); a larger one closes with 1009. */
export const maxMessageBytes = 64 * 1024;

/** Sockets that have shown no token yet; beyond, an upgrade gets 503, so that silent ones cannot pile up. */
const maxUnacknowledged = 2000;

/** The sockets of a server. */
export interface Sockets {
  /** How many are open. */
  readonly count: number;
  /** Lets no more in, and closes all with 1012; those not closed within `timeout` ms are cut off. */
  close(timeout: number): Promise<void>;
}

/** Serves GraphQL over WebSocket at /graphql of an HTTP server, and refuses upgrades of everything else. */
export function attachSockets<TContext extends object>(
  server: Server,
  deps: ServerDependencies<TContext>,
  operations: Operations,
): Sockets {
  const protocol = createSocketProtocol(deps, operations);
  const connections = new Set<SocketConnection>();
  const unacknowledged = new Set<SocketConnection>();
  let accepting = true;
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    handleProtocols,
  });

  function refusal({ url = "", headers }: IncomingMessage): number | null {
    if (url.split("?", 1)[0] !== "/graphql") return 404;
    if (!mayConnect(headers.origin, headers.host, deps.corsOrigins)) return 403;
    if (!accepting || unacknowledged.size >= maxUnacknowledged) return 503;
    return null;
  }

  function open(socket: WebSocket): void {
    const connection = new SocketConnection(socket, deps.log);
    connections.add(connection);
    unacknowledged.add(connection);
    void connection.gone.then(() => {
      connections.delete(connection);
      unacknowledged.delete(connection);
    });
    void connection.admitted.then(() => unacknowledged.delete(connection));
    const end = protocol.opened(
      {
        protocol: connection.protocol,
        send: async (data) => connection.send(data),
        close: (code = 1000, reason = "") => connection.close(code, reason),
        onMessage: (listener) => connection.onMessage(listener),
      },
      connection,
    );
    connection.closed
      .then(({ code, reason }) => end(code, reason))
      .catch((error: unknown) => {
        connection.log.error({ err: error }, "an operation did not end well");
      });
  }

  server.on("upgrade", (request, socket, head) => {
    const status = refusal(request);
    if (status === null) {
      sockets.handleUpgrade(request, socket, head, open);
      return;
    }
    deps.log.info({ status, origin: request.headers.origin?.slice(0, 200) }, "a socket was refused");
    refuse(socket, status);
  });

  return {
    get count() {
      return connections.size;
    },
    async close(timeout) {
      accepting = false;
      for (const connection of connections) connection.close(closeCodes.restarting, "The server restarts");
      const timer = setTimeout(() => {
        for (const connection of connections) connection.terminate();
      }, timeout);
      await Promise.all(Array.from(connections, async (connection) => connection.gone));
      clearTimeout(timer);
      sockets.close();
    },
  };
}

function refuse(socket: Duplex, status: number): void {
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
