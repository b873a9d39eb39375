import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/**
 * A TCP proxy that stands between a client and its server and breaks the line in the ways that networks do.
 * It starts healed.
 */
export interface CutProxy extends AsyncDisposable {
  /** The target's URL with the proxy's address in it. */
  readonly url: string;
  /** How many client connections are open. */
  readonly connections: number;
  /** Resets every connection, and each new one at once. */
  cut(): void;
  /** Keeps connections open and accepts new ones, but carries nothing: the line is half open, as when packets are dropped. */
  freeze(): void;
  /** Carries everything again: connections that were frozen go on where they stopped. */
  heal(): void;
}

const defaultPorts: Readonly<Record<string, number>> = {
  "postgres:": 5432,
  "postgresql:": 5432,
  "amqp:": 5672,
  "http:": 80,
  "ws:": 80,
};

/** Opens a proxy to the host and port of `targetUrl`, on a free port of 127.0.0.1. */
export async function openCutProxy(targetUrl: string): Promise<CutProxy> {
  const target = new URL(targetUrl);
  const targetPort = Number(target.port) || (defaultPorts[target.protocol] ?? 0);
  const lines = new Set<Line>();
  let state: "healed" | "frozen" | "cut" = "healed";

  const server = createServer({ pauseOnConnect: true }, (client) => {
    if (state === "cut") {
      client.on("error", () => {});
      client.resetAndDestroy();
      return;
    }
    const line = openLine(client, connect(targetPort, target.hostname.replaceAll(/[[\]]/g, "")));
    lines.add(line);
    client.once("close", () => lines.delete(line));
    if (state === "healed") line.carry();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const url = new URL(targetUrl);
  url.hostname = "127.0.0.1";
  url.port = String(port);

  function cut(): void {
    state = "cut";
    for (const line of lines) line.reset();
  }

  return {
    url: url.href,
    get connections() {
      return lines.size;
    },
    cut,
    freeze() {
      state = "frozen";
      for (const line of lines) line.hold();
    },
    heal() {
      state = "healed";
      for (const line of lines) line.carry();
    },
    async [Symbol.asyncDispose]() {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}

/** A client's connection and the one to the server that belongs to it. */
interface Line {
  carry(): void;
  hold(): void;
  reset(): void;
}

function openLine(client: Socket, server: Socket): Line {
  let held = true;
  /** A side's end is news too: while the line is held, the other side must not hear of it. */
  const news: (() => void)[] = [];
  function tell(event: () => void): void {
    if (held) news.push(event);
    else event();
  }

  for (const [from, to] of [
    [client, server],
    [server, client],
  ] as const) {
    from.pause();
    from.setNoDelay(true);
    // Without flowing data there is no "end", so what comes before it was carried first.
    from.on("data", (data) => {
      if (!to.write(data)) from.pause();
    });
    to.on("drain", () => {
      if (!held) from.resume();
    });
    from.on("end", () => to.end());
    from.on("error", () => tell(() => to.resetAndDestroy()));
    from.on("close", () => tell(() => to.destroySoon()));
  }

  return {
    carry() {
      held = false;
      client.resume();
      server.resume();
      for (const event of news.splice(0)) event();
    },
    hold() {
      held = true;
      client.pause();
      server.pause();
    },
    reset() {
      client.resetAndDestroy();
      server.resetAndDestroy();
    },
  };
}
