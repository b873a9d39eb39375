import { once } from "node:events";
import { createServer } from "node:net";

/**
 * A port that is free now. It is drawn from below the range that systems give to outgoing connections, because a server
 * that a test stops and starts again must find its port still free, and thousands of connections may be made meanwhile.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 18_000);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
