import { once } from "node:events";
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from "graphql-ws";
import { type ClientOptions, WebSocket } from "ws";
import { z } from "zod";

const message = z.object({ type: z.string(), id: z.string().optional(), payload: z.unknown().optional() });

type Message = z.infer<typeof message>;

/** How a connection ended. */
export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A client that speaks the protocol by hand. Messages queue, so none is missed. */
export class RawSocket implements AsyncDisposable {
  readonly socket: WebSocket;
  readonly closed: Promise<Closed>;
  /** Every text that came, as it came. */
  readonly received: string[] = [];
  readonly #messages: Message[] = [];
  #arrived: () => void = () => {};

  constructor(
    url: string,
    protocols: string | string[] = GRAPHQL_TRANSPORT_WS_PROTOCOL,
    options: ClientOptions = {},
  ) {
    this.socket = new WebSocket(url, protocols, options);
    this.closed = new Promise((resolve) => {
      this.socket.once("close", (code, reason) => {
        this.#arrived();
        resolve({ code, reason: reason.toString() });
      });
    });
    this.socket.on("error", () => {});
    this.socket.on("message", (data: Buffer) => {
      this.received.push(data.toString());
      this.#messages.push(message.parse(JSON.parse(data.toString())));
      this.#arrived();
    });
  }

  /** An open socket that has shown the token and was acknowledged. */
  static async acknowledged(url: string, token: string): Promise<RawSocket> {
    const client = await RawSocket.opened(url);
    client.send({ type: "connection_init", payload: { authorization: `Bearer ${token}` } });
    const ack = await client.next();
    if (ack.type !== "connection_ack") throw new Error(`Not acknowledged: ${ack.type}`);
    return client;
  }

  static async opened(url: string, options: ClientOptions = {}): Promise<RawSocket> {
    const client = new RawSocket(url, GRAPHQL_TRANSPORT_WS_PROTOCOL, options);
    await once(client.socket, "open");
    return client;
  }

  send(content: unknown): void {
    this.socket.send(typeof content === "string" ? content : JSON.stringify(content));
  }

  subscribe(id: string, query: string, variables: Record<string, unknown> = {}): void {
    this.send({ id, type: "subscribe", payload: { query, variables } });
  }

  /** The next message; rejects when the connection ends first. */
  async next(): Promise<Message> {
    for (;;) {
      const first = this.#messages.shift();
      if (first !== undefined) return first;
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error("The socket was closed");
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.terminate();
    await this.closed;
  }
}

/** The status with which an upgrade was refused, or 101. */
export async function upgradeStatus(url: string, options: ClientOptions = {}): Promise<number> {
  const socket = new WebSocket(url, GRAPHQL_TRANSPORT_WS_PROTOCOL, options);
  return new Promise((resolve, reject) => {
    socket.once("open", () => {
      socket.terminate();
      resolve(101);
    });
    socket.once("unexpected-response", (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    socket.once("error", reject);
  });
}
