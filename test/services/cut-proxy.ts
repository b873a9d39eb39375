import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

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
  /** The same for those connections alone whose client has sent this text among its first bytes, or once it does. */
  freezeAfter(text: string): void;
  /**
   * Carries every piece so many milliseconds late, in order. A line that loses packets is such a line to those who use it:
   * TCP sends them again, and holds back what comes after.
   */
  slow(delay: () => number): void;
  /** Carries everything again, and at once: connections that were frozen go on where they stopped. */
  heal(): void;
  /** Leads new connections to another server, as an address does that moves in a failover. Those that are open stay. */
  leadTo(targetUrl: string): void;
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
  let target = addressOf(targetUrl);
  const lines = new Set<Line>();
  let state: "healed" | "frozen" | "cut" = "healed";
  let delay: () => number = noDelay;
  /** What a client may say before its line is frozen. */
  let last: string | null = null;

  const server = createServer({ pauseOnConnect: true }, (client) => {
    if (state === "cut") {
      client.on("error", () => {});
      client.resetAndDestroy();
      return;
    }
    const line = openLine(client, connect(target), () => delay());
    lines.add(line);
    client.once("close", () => lines.delete(line));
    if (state === "healed") line.carry();
    if (last !== null) line.holdAfter(last);
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
    slow(late) {
      delay = late;
    },
    freezeAfter(text) {
      last = text;
      for (const line of lines) line.holdAfter(text);
    },
    heal() {
      state = "healed";
      last = null;
      delay = noDelay;
      for (const line of lines) line.carry();
    },
    leadTo(otherUrl) {
      target = addressOf(otherUrl);
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
  holdAfter(text: string): void;
  hold(): void;
  reset(): void;
}

function addressOf(targetUrl: string): { host: string; port: number } {
  const { hostname, port, protocol } = new URL(targetUrl);
  return { host: hostname.replaceAll(/[[\]]/g, ""), port: Number(port) || (defaultPorts[protocol] ?? 0) };
}

/** Bytes of a greeting. */
const greetingLength = 4096;

function noDelay(): number {
  return 0;
}

function openLine(client: Socket, server: Socket, delay: () => number): Line {
  let held = true;
  let greeting = "";
  let last: string | null = null;
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
    let late = Promise.resolve();
    let waiting = 0;
    from.on("data", (data) => {
      if (from === client && greeting.length < greetingLength) {
        greeting += data.toString("latin1");
        queueMicrotask(holdWhenSaid);
      }
      const milliseconds = delay();
      if (milliseconds === 0 && waiting === 0) {
        if (!to.write(data)) from.pause();
        return;
      }
      from.pause();
      waiting += 1;
      late = late.then(async () => {
        await sleep(milliseconds);
        waiting -= 1;
        if (to.write(data) && !held) from.resume();
      });
    });
    to.on("drain", () => {
      if (!held) from.resume();
    });
    from.on("end", () => void late.then(() => to.end()));
    from.on("error", () => tell(() => to.resetAndDestroy()));
    from.on("close", () => tell(() => to.destroySoon()));
  }

  function hold(): void {
    held = true;
    client.pause();
    server.pause();
  }

  function holdWhenSaid(): void {
    if (last !== null && greeting.includes(last)) hold();
  }

  return {
    carry() {
      held = false;
      last = null;
      client.resume();
      server.resume();
      for (const event of news.splice(0)) event();
    },
    hold,
    holdAfter(text) {
      last = text;
      holdWhenSaid();
    },
    reset() {
      client.resetAndDestroy();
      server.resetAndDestroy();
    },
  };
}
