import type { Client } from "./graphql-ws-types.js";
import { CarillonError } from "../carillon-error.js";
import { Heartbeat, type HeartbeatOptions, pingOver } from "./heartbeat.js";

export interface MonitorOptions {
  readonly heartbeat: HeartbeatOptions;
  /** Milliseconds in which a connection has to be made and acknowledged. */
  readonly connectTimeout: number;
  /** Called when the connection is dead, or takes too long to make. */
  readonly onDead: (reason: CarillonError) => void;
}

/** Monitors the connections of a graphql-ws client. */
export interface ConnectionMonitor extends Disposable {
  /** Checks now whether the present connection is alive, e.g. because the network has changed. */
  check(): void;
}

/** Detects connections that are dead, and attempts to connect that take too long. */
export function monitorConnection(client: Client, options: MonitorOptions): ConnectionMonitor {
  let heartbeat: Heartbeat | null = null;
  let connecting: ReturnType<typeof setTimeout> | undefined;

  function stop(): void {
    clearTimeout(connecting);
    heartbeat?.[Symbol.dispose]();
    heartbeat = null;
  }

  client.on("connecting", () => {
    stop();
    connecting = setTimeout(() => {
      const message = `The server did not answer within ${options.connectTimeout} ms`;
      options.onDead(new CarillonError("NETWORK", message));
    }, options.connectTimeout);
  });
  client.on("connected", (socket) => {
    stop();
    if (!isSocket(socket)) return;
    heartbeat = new Heartbeat(pingOver(socket), options.heartbeat, () =>
      options.onDead(new CarillonError("NETWORK", "The connection is dead")),
    );
  });
  client.on("message", () => heartbeat?.alive());
  client.on("closed", stop);
  return { check: () => heartbeat?.check(), [Symbol.dispose]: stop };
}

function isSocket(value: unknown): value is WebSocket {
  return typeof value === "object" && value !== null && "send" in value;
}
