import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Stands in front of instances at fixed addresses, as a load balancer of TCP with health checks does. */
export interface LoadBalancer extends AsyncDisposable {
  readonly url: string;
}

/** Milliseconds between two checks of a backend, and until a check counts as failed. */
const interval = 1000;
/** A backend is taken out after so many failed checks in a row, and back after one that succeeds. */
const fall = 2;

interface Backend {
  readonly url: URL;
  failures: number;
  connections: number;
}

/**
 * Opens a load balancer on a free port of 127.0.0.1. A new connection goes to the backend with the fewest, of those whose
 * /health/ready has answered; where that refuses, the client's connection is reset.
 */
export async function openLoadBalancer(urls: readonly string[]): Promise<LoadBalancer> {
  const backends: Backend[] = urls.map((url) => ({ url: new URL(url), failures: 0, connections: 0 }));
  const closing = new AbortController();
  const open = new Set<Socket>();

  function choose(): Backend | undefined {
    return backends
      .filter(({ failures }) => failures < fall)
      .sort((a, b) => a.connections - b.connections)[0];
  }

  const server = createServer((client) => {
    const backend = choose();
    client.on("error", () => {});
    if (backend === undefined) {
      client.resetAndDestroy();
      return;
    }
    backend.connections += 1;
    const upstream = connect(Number(backend.url.port), backend.url.hostname);
    upstream.on("error", () => client.resetAndDestroy());
    upstream.once("close", () => client.destroySoon());
    client.once("close", () => {
      backend.connections -= 1;
      open.delete(client);
      upstream.destroy();
    });
    open.add(client);
    client.setNoDelay(true);
    upstream.setNoDelay(true);
    client.pipe(upstream).pipe(client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const checking = Promise.all(backends.map((backend) => keepChecking(backend, closing.signal)));

  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      closing.abort();
      await checking;
      for (const client of open) client.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

async function keepChecking(backend: Backend, closing: AbortSignal): Promise<void> {
  while (!closing.aborted) {
    backend.failures = (await isReady(backend.url)) ? 0 : backend.failures + 1;
    await sleep(interval, undefined, { signal: closing }).catch(() => undefined);
  }
}

async function isReady(url: URL): Promise<boolean> {
  try {
    const health = new URL("/health/ready", url);
    const { status, body } = await fetch(health, { signal: AbortSignal.timeout(interval) });
    await body?.cancel();
    return status === 200;
  } catch {
    return false;
  }
}
