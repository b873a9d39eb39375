import { createResumingClient } from "@carillon/client";

/** What of graphql-transport-ws a client sends. */
type ClientMessage =
  | { readonly type: "connection_init"; readonly payload?: Record<string, unknown> }
  | { readonly type: "subscribe"; readonly id: string; readonly payload: { readonly query: string } }
  | { readonly type: "complete"; readonly id: string }
  | { readonly type: "ping" | "pong" };

/** The browser's own: the page puts the class below in its place. */
const NativeWebSocket = globalThis.WebSocket;

/**
 * What a GraphQL client takes for one WebSocket, and what is a resuming connection: its subscriptions go on where they were when
 * the server is back. It speaks the server's side of graphql-transport-ws, as far as clients need it.
 */
export class ResumingSocket {
  // The handlers that the client assigns.
  onopen: ((event: Event) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent<string>) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;

  readonly #url: string;
  /** Ends the operations, by id. */
  readonly #running = new Map<string, () => void>();
  readonly #headers: Readonly<Record<string, string>>;
  #client: ReturnType<typeof createResumingClient> | null = null;
  #readyState: number = NativeWebSocket.CONNECTING;

  /** @param headers what to add to `connection_init`, if the client itself has no authorization in it */
  constructor(url: string, headers: Readonly<Record<string, string>>) {
    this.#url = url;
    this.#headers = headers;
    queueMicrotask(() => {
      this.#readyState = NativeWebSocket.OPEN;
      this.onopen?.(new Event("open"));
    });
  }

  get readyState(): number {
    return this.#readyState;
  }

  send(data: string): void {
    // Only a client of graphql-transport-ws has this socket.
    const parse: (json: string) => ClientMessage = JSON.parse;
    const message = parse(data);
    switch (message.type) {
      case "connection_init":
        this.#open(message.payload ?? {});
        break;
      case "subscribe":
        this.#subscribe(message.id, message.payload);
        break;
      case "complete":
        this.#finish(message.id)?.();
        break;
      case "ping":
        this.#receive({ type: "pong" });
        break;
      case "pong":
        break;
    }
  }

  close(code = 1000, reason = ""): void {
    this.#readyState = NativeWebSocket.CLOSED;
    this.#running.clear();
    void this.#client?.dispose();
    queueMicrotask(() => this.onclose?.(new CloseEvent("close", { code, reason, wasClean: true })));
  }

  #open(payload: Record<string, unknown>): void {
    const hasToken = Object.keys(payload).some((name) => name.toLowerCase() === "authorization");
    const connectionParams = hasToken ? payload : { ...payload, ...this.#headers };
    this.#client = createResumingClient({
      url: this.#url,
      connectionParams,
      webSocketImpl: NativeWebSocket,
    });
    this.#receive({ type: "connection_ack" });
  }

  #subscribe(id: string, operation: { readonly query: string }): void {
    const unsubscribe = this.#client?.subscribe(operation, {
      next: (payload) => this.#receive({ id, type: "next", payload }),
      error: (error) => {
        if (this.#finish(id) !== undefined) this.#receive({ id, type: "error", payload: errorsOf(error) });
      },
      complete: () => {
        if (this.#finish(id) !== undefined) this.#receive({ id, type: "complete" });
      },
    });
    if (unsubscribe !== undefined) this.#running.set(id, unsubscribe);
  }

  /** @returns what ends the operation; undefined: it has ended */
  #finish(id: string): (() => void) | undefined {
    const end = this.#running.get(id);
    this.#running.delete(id);
    return end;
  }

  /** Later, as a network would. */
  #receive(message: unknown): void {
    const data = JSON.stringify(message);
    queueMicrotask(() => this.onmessage?.(new MessageEvent("message", { data })));
  }
}

function errorsOf(error: unknown): unknown {
  return Array.isArray(error) ? error : [{ message: error instanceof Error ? error.message : String(error) }];
}
