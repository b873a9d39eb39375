import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";

/** A call as it arrived. */
export interface ReceivedCall {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export type Answering = (response: ServerResponse, request: IncomingMessage) => void;

/** A real server outside that webhooks are posted to. It answers 204 until told otherwise. */
export interface WebhookReceiver extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly calls: readonly ReceivedCall[];
  /** How many connections there have been. */
  readonly connections: number;
  answer(answering: Answering): void;
}

/** @param host where it listens */
export async function openReceiver(host = "127.0.0.1"): Promise<WebhookReceiver> {
  const calls: ReceivedCall[] = [];
  let connections = 0;
  let answering: Answering = (response) => response.writeHead(204).end();
  const server = createServer((request, response) => {
    const { method = "", url: path = "" } = request;
    const headers = Object.fromEntries(Object.entries(request.headers).map(([k, v]) => [k, String(v)]));
    text(request).then(
      (body) => {
        calls.push({ method, path, headers, body });
        answering(response, request);
      },
      () => {},
    );
  });
  server.on("connection", () => (connections += 1));
  server.listen(0, host);
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://${host}:${port}`,
    port,
    calls,
    get connections() {
      return connections;
    },
    answer(next) {
      answering = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** The payload of a call, once the reference library has verified its signature. */
export function verified(call: ReceivedCall | undefined, secret: string): unknown {
  if (call === undefined) throw new Error("there was no call");
  return new Webhook(secret).verify(call.body, call.headers);
}
