import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A TCP connection to a server, for what no HTTP client would send. */
export class RawConnection implements AsyncDisposable {
  readonly #socket: Socket;

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.#socket = connect(Number(port), hostname).setEncoding("utf8");
    this.#socket.on("error", () => {});
  }

  /** Resolves when it is open; rejects when the server does not take it. */
  async opened(): Promise<this> {
    if (this.#socket.connecting) await once(this.#socket, "connect");
    return this;
  }

  write(text: string): void {
    this.#socket.write(text);
  }

  /** The first that the server sends. */
  async answer(): Promise<string> {
    return String(await once(this.#socket, "data"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy();
  }
}
