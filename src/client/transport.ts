import type { Client } from "graphql-ws";
import { absoluteUrl } from "./absolute-url.js";
import type { ConnectionStatus } from "./connection-state.js";
import { type Observable, Value } from "./observable.js";
import { createResumingClient, type ResumingClientOptions } from "./resuming.js";
import { Tokens } from "./tokens.js";

export interface TransportOptions extends Pick<ResumingClientOptions, "heartbeat" | "retry"> {
  /** Where GraphQL is served, over HTTP and WebSocket: `https://…/graphql`, or a path of the page's own origin. */
  readonly url: string;
  /** Asked for each connection, and again when a token is refused or has expired. */
  readonly token: () => string | Promise<string>;
  /** For Node.js before 22, which has none: the class of the package `ws`. */
  readonly webSocket?: unknown;
  readonly fetch?: typeof fetch;
}

/** The ways to the API, for a GraphQL client that has ideas of its own about the rest. */
export interface Transport extends AsyncDisposable {
  /** The absolute URL, for queries and mutations. */
  readonly url: string;
  /** Sends a request with the token, and once more with a new one when it is refused. */
  readonly fetch: typeof fetch;
  /** For subscriptions. It connects while there are any. */
  readonly socket: Client;
  /** `live` while it is connected; `idle` while there is no subscription. */
  readonly connection: Observable<ConnectionStatus>;
  /** Ends the connection and all subscriptions. */
  dispose(): Promise<void>;
}

/** Makes the ways to the API: nothing is connected before a subscription asks for it. */
export function createTransport(options: TransportOptions): Transport {
  const url = absoluteUrl(options.url);
  const tokens = new Tokens(options.token);
  const connection = new Value<ConnectionStatus>("idle");
  const socket = createResumingClient({
    url: url.replace(/^http/, "ws"),
    webSocketImpl: options.webSocket,
    connectionParams: async () => ({ authorization: `Bearer ${await tokens.renew()}` }),
    ...(options.heartbeat && { heartbeat: options.heartbeat }),
    ...(options.retry && { retry: options.retry }),
  });
  socket.on("connecting", () => connection.set("connecting"));
  socket.on("connected", () => connection.set("live"));
  socket.on("closed", (event) => connection.set(isNormal(event) ? "idle" : "offline"));

  async function dispose(): Promise<void> {
    await socket.dispose();
    connection.set("closed");
  }

  return {
    url,
    fetch: async (input, init) => {
      const send = options.fetch ?? globalThis.fetch;
      const answer = await send(input, withToken(init, await tokens.current()));
      if (answer.status !== 401) return answer;
      return await send(input, withToken(init, await tokens.renew()));
    },
    socket,
    connection,
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}

function withToken(init: RequestInit | undefined, token: string): RequestInit {
  const headers = new Headers(init?.headers);
  headers.set("authorization", `Bearer ${token}`);
  return { ...init, headers };
}

/** Closed since there was nothing to subscribe to any more. */
function isNormal(event: unknown): boolean {
  return typeof event === "object" && event !== null && "code" in event && event.code === 1000;
}
