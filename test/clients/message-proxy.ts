import { once } from "node:events";
import { GRAPHQL_TRANSPORT_WS_PROTOCOL, handleProtocols } from "graphql-ws";
import { WebSocket, WebSocketServer } from "ws";

/** A WebSocket proxy that accepts smaller messages than the server behind it, as proxies and gateways do. */
export interface MessageProxy extends AsyncDisposable {
  readonly url: string;
  /** How many connections clients have made. */
  readonly connections: number;
}

/** @param maxPayload the largest message from a client, in bytes; a larger one closes with 1009 */
export async function openMessageProxy(targetUrl: string, maxPayload: number): Promise<MessageProxy> {
  const proxy = new WebSocketServer({ port: 0, host: "127.0.0.1", maxPayload, handleProtocols });
  let connections = 0;
  proxy.on("connection", (client) => {
    connections += 1;
    const server = new WebSocket(
      `${targetUrl.replace(/^http/, "ws")}/graphql`,
      GRAPHQL_TRANSPORT_WS_PROTOCOL,
    );
    const opened = new Promise((resolve) => {
      server.once("open", resolve);
    });
    client.on("message", (data: Buffer) => void opened.then(() => server.send(data.toString())));
    server.on("message", (data: Buffer) => client.send(data.toString()));
    client.on("error", () => undefined);
    server.on("error", () => undefined);
    client.on("close", () => server.terminate());
    server.on("close", () => client.terminate());
  });
  await once(proxy, "listening");
  const address = proxy.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      for (const client of proxy.clients) client.terminate();
      proxy.close();
      await once(proxy, "close");
    },
  };
}
