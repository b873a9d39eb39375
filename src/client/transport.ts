import type { Client } from "./connection/graphql-ws-types.js";
import { absoluteUrl } from "./absolute-url.js";
import type { ConnectionStatus } from "./connection/connection-state.js";
import { createResumingClient } from "./connection/resuming-client.js";
import type { ResumingClientOptions, SocketState } from "./connection/resuming-connection.js";
import { type TokenCallback, TokenSource } from "./connection/token-source.js";
import { type Observable, Value } from "./observable.js";

export interface TransportOptions extends Pick<ResumingClientOptions, "heartbeat" | "retry" | "timeouts"> {
  /** Where GraphQL is served, over HTTP and WebSocket: `https://…/graphql`, or a path of the page's own origin. */
  readonly url: string;
  /** Called before each connection, and again when a token is refused or has expired. */
  readonly token: TokenCallback;
  /** For Node.js before 22, which has no WebSocket: the class of the package `ws`. */
  readonly webSocket?: unknown;
  readonly fetch?: typeof fetch;
}

/** HTTP and WebSocket access to the API, for a GraphQL client that does the rest. */
export interface Transport extends AsyncDisposable {
  /** The absolute URL, for queries and mutations. */
  readonly url: string;
  /** Sends a request with the token, and once more with a new one when it is refused. @throws CarillonError TOKEN */
  readonly fetch: typeof fetch;
  /** For subscriptions. It connects while there are any. */
  readonly socket: Client;
  /** `live` while it is connected; `idle` while there is no subscription. */
  readonly connection: Observable<ConnectionStatus>;
  /** Ends the connection and all subscriptions. */
  dispose(): Promise<void>;
}

const statuses: Readonly<Record<SocketState["status"], ConnectionStatus>> = {
  idle: "idle",
  connecting: "connecting",
  connected: "live",
  offline: "offline",
};

/** Makes a transport. It connects when there is a subscription. */
export function createTransport(options: TransportOptions): Transport {
  const url = absoluteUrl(options.url);
  const tokens = new TokenSource(options.token, options.timeouts?.token);
  const connection = new Value<ConnectionStatus>("idle");
  let isDisposed = false;
  const socket = createResumingClient({
    url: url.replace(/^http/, "ws"),
    webSocketImpl: options.webSocket,
    connectionParams: tokens.connectionParams,
    heartbeat: options.heartbeat,
    retry: options.retry,
    timeouts: options.timeouts,
    onStateChange(state) {
      // After its disposal the peer still has to answer.
      if (!isDisposed) connection.set(statuses[state.status]);
    },
  });

  async function dispose(): Promise<void> {
    isDisposed = true;
    await socket.dispose();
    connection.set("closed");
  }

  return {
    url,
    fetch: async (input, init) => {
      const send = options.fetch ?? globalThis.fetch;
      const response = await send(input, withToken(init, await tokens.current()));
      if (response.status !== 401) return response;
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
