import { once } from "node:events";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join, relative } from "node:path";

/** Size of a socket address without the final zero: 104 bytes on macOS and 108 on Linux. */
const longestPath = process.platform === "linux" ? 107 : 103;

/** A socket that shows by accepting connections that its process lives. */
export interface ListeningSocket {
  /** Stops listening, and deletes its file. */
  close(): Promise<void>;
}

/**
 * Listens on a Unix domain socket of this name in this folder, without keeping the process alive. Connections are closed at
 * once.
 */
export async function listenInFolder(folder: string, name: string): Promise<ListeningSocket> {
  const address = await addressIn(folder, name);
  const server = createServer((socket) => socket.on("error", () => undefined).destroy());
  server.unref();
  try {
    server.listen({ path: address.path });
    await once(server, "listening");
  } catch (error) {
    await address.close();
    throw error;
  }
  return {
    async close() {
      await new Promise((resolve) => server.close(resolve));
      await address.close();
    },
  };
}

/**
 * Whether a process listens on the socket of this name in this folder, even if it is stopped, or its backlog is full.
 * @throws the system's error when that is unknown, for example because the socket belongs to another user
 */
export async function canConnect(folder: string, name: string): Promise<boolean> {
  const address = await addressIn(folder, name);
  const socket = connect({ path: address.path });
  try {
    await once(socket, "connect");
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EAGAIN") return true;
    // No process listens; there is no such file; it is not a socket.
    if (code === "ECONNREFUSED" || code === "ENOENT" || code === "ENOTSOCK") return false;
    throw error;
  } finally {
    socket.destroy();
    await address.close();
  }
}

interface Address {
  readonly path: string;
  /** The path is invalid afterwards. */
  close(): Promise<void>;
}

/** A path that is short enough: Node.js would truncate a longer one, and use another file. */
async function addressIn(folder: string, name: string): Promise<Address> {
  const path = join(folder, name);
  const short = [path, relative("", path)].find(isShort);
  if (short !== undefined) return { path: short, close: async () => undefined };
  if (process.platform === "linux") {
    const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
    return { path: `/proc/self/fd/${handle.fd}/${name}`, close: () => handle.close() };
  }
  const error: NodeJS.ErrnoException = new Error(`the path of a socket has at most ${longestPath} bytes`);
  error.code = "ENAMETOOLONG";
  throw error;
}

function isShort(path: string): boolean {
  return Buffer.byteLength(path) <= longestPath;
}
