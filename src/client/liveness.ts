import type { Client } from "graphql-ws";
import { Heartbeat, type HeartbeatOptions } from "./heartbeat.js";

/** Milliseconds within which a connection is to be made and acknowledged. */
const connectTimeout = 10_000;

/** Watches over the connections of a graphql-ws client. */
export interface Liveness extends Disposable {
  /** Finds out whether the present connection lives, e.g. since the network has changed. */
  check(): void;
}

/** Ends connections that are dead, and attempts to connect that take too long: the client then tries again. */
export function watchLiveness(client: Client, options: HeartbeatOptions): Liveness {
  let heartbeat: Heartbeat | null = null;
  let connecting: ReturnType<typeof setTimeout> | undefined;

  function rest(): void {
    clearTimeout(connecting);
    heartbeat?.[Symbol.dispose]();
    heartbeat = null;
  }

  client.on("connecting", () => {
    rest();
    connecting = setTimeout(() => client.terminate(), connectTimeout);
  });
  client.on("connected", (socket) => {
    rest();
    if (isSocket(socket)) heartbeat = new Heartbeat(socket, options, () => client.terminate());
  });
  client.on("message", () => heartbeat?.alive());
  client.on("closed", rest);
  return { check: () => heartbeat?.check(), [Symbol.dispose]: rest };
}

function isSocket(value: unknown): value is WebSocket {
  return typeof value === "object" && value !== null && "send" in value;
}
