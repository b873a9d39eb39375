import { once } from "node:events";
import { createServer } from "node:http";
import { handleProtocols } from "graphql-ws";
import { type WebSocket, WebSocketServer } from "ws";
import { z } from "zod";

const message = z.looseObject({
  type: z.string(),
  id: z.string().default(""),
  payload: z.looseObject({}).default({}),
});

const operation = z.object({ query: z.string(), variables: z.looseObject({}).default({}) });

/** What a test lets the server do. By default it acknowledges, and answers nothing. */
export interface Script {
  /** The status with which an upgrade is refused; null lets it in. */
  readonly refuse?: (number: number) => number | null;
  /** In the place of the acknowledgement. */
  readonly onInit?: (connection: ScriptedConnection) => void;
  readonly onSubscribe?: (connection: ScriptedConnection, operation: ScriptedOperation) => void;
  /** The largest message in bytes; a larger one closes with 1009. */
  readonly maxPayload?: number;
}

export interface ScriptedOperation {
  readonly id: string;
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** One connection that a client has made. */
export interface ScriptedConnection {
  /** 1 for the first attempt of all, those refused included. */
  readonly number: number;
  readonly socket: WebSocket;
  /** The payload of `connection_init`. */
  readonly params: Record<string, unknown>;
  send(message: object): void;
  /** Sends an event with a number, and with a cursor that is made of it. */
  sendEvent(id: string, sequence: number, typename?: "InboxReady" | "NotificationsRead"): void;
}

/** A server of GraphQL over WebSocket (graphql-transport-ws) that misbehaves as a test says. */
export interface ScriptedServer extends AsyncDisposable {
  readonly url: string;
  /** How many connections clients have tried to make. */
  readonly attempts: number;
  /** How many are open. */
  readonly open: number;
  /** All operations that came, over all connections. */
  readonly operations: readonly ScriptedOperation[];
}

export async function openScriptedServer(script: Script): Promise<ScriptedServer> {
  const server = createServer();
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols,
    maxPayload: script.maxPayload ?? 1024 * 1024,
  });
  const operations: ScriptedOperation[] = [];
  let attempts = 0;
  server.on("upgrade", (request, stream, head) => {
    attempts += 1;
    const number = attempts;
    const status = script.refuse?.(number) ?? null;
    if (status !== null) {
      stream.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      let params: Record<string, unknown> = {};
      const connection: ScriptedConnection = {
        number,
        socket,
        get params() {
          return params;
        },
        send: (content) => socket.send(JSON.stringify(content)),
        sendEvent(id, sequence, typename = "InboxReady") {
          const event = { __typename: typename, cursor: `c${sequence}`, sequence };
          connection.send({ id, type: "next", payload: { data: { notificationEvents: event } } });
        },
      };
      socket.on("error", () => undefined);
      socket.on("message", (data: Buffer) => {
        const { type, id, payload } = message.parse(JSON.parse(data.toString()));
        if (type === "connection_init") {
          params = payload;
          if (script.onInit === undefined) connection.send({ type: "connection_ack" });
          else script.onInit(connection);
        }
        if (type === "ping") connection.send({ type: "pong" });
        if (type !== "subscribe") return;
        const one = { id, ...operation.parse(payload) };
        operations.push(one);
        script.onSubscribe?.(connection, one);
      });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    get attempts() {
      return attempts;
    },
    get open() {
      return sockets.clients.size;
    },
    operations,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
