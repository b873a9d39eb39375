/** The codes with which graphql-ws closes a connection that it considers broken, and does not use again. */
const brokenCodes = new Set([4004, 4005, 4504]);

/** The code with which graphql-ws closes in `terminate()`; it removes its listeners itself, except one. */
const terminated = 4499;

/**
 * A WebSocket class that makes up for two habits of graphql-ws, which listens to all of its sockets as if they were one.
 *
 * - Errors are never uncaught. `ws` emits one when a socket is closed before it is open, when graphql-ws has already removed its
 *   listeners, and in Node.js that would end the process.
 * - A socket that graphql-ws closes as broken counts as closed at once, and is silent from then on. Its close event arrives only
 *   when the peer has answered, perhaps after the next connection is made, and graphql-ws would take it for that one's end.
 * @param implementation for Node.js before 22, which has no WebSocket: the class of the package `ws`
 * @throws TypeError where there is no WebSocket
 */
export function withErrorHandler(implementation: unknown): typeof WebSocket {
  return class extends requireWebSocket(implementation) {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener("error", () => undefined);
    }

    override close(code = 1000, reason = ""): void {
      super.close(code, reason);
      if (code !== terminated && !brokenCodes.has(code)) return;
      this.onmessage = null;
      if (code === terminated) return;
      const { onclose } = this;
      this.onerror = null;
      this.onclose = null;
      onclose?.call(this, Object.assign(new Event("close"), { code, reason, wasClean: false }));
    }
  };
}

/** The given WebSocket class, or the global one. @throws TypeError when there is none */
export function requireWebSocket(implementation: unknown = globalThis.WebSocket): typeof WebSocket {
  if (isClass(implementation)) return implementation;
  throw new TypeError("There is no WebSocket here: pass the class of the package ws");
}

function isClass(value: unknown): value is typeof WebSocket {
  return typeof value === "function" && "CONNECTING" in value;
}
