/**
 * The class of a WebSocket whose errors are never uncaught. `ws` emits one when a socket is closed before it is open, at a time
 * when graphql-ws has taken off its listeners, and in Node.js that would end the process.
 * @param implementation for Node.js before 22, which has none: the class of the package `ws`
 * @throws TypeError where there is none
 */
export function quietWebSocket(implementation: unknown = globalThis.WebSocket): typeof WebSocket {
  if (!isClass(implementation)) {
    throw new TypeError("There is no WebSocket here: pass the class of the package ws");
  }
  return class extends implementation {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener("error", () => undefined);
    }
  };
}

function isClass(value: unknown): value is typeof WebSocket {
  return typeof value === "function" && "CONNECTING" in value;
}
