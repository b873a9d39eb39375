import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A TCP connection to a server, for what no HTTP client would send. */
export class RawConnection implements AsyncDisposable {
  /** Resolves with all that the server sent, once the connection has ended. */
  readonly ended: Promise<string>;
  readonly #socket: Socket;
  readonly #received: string[] = [];
  #onData: () => void = () => {};

  /** @param from the address of this side: any of 127.0.0.0/8 */
  constructor(url: string, from?: string) {
    const { hostname, port } = new URL(url);
    this.#socket = connect({
      port: Number(port),
      host: hostname,
      ...(from === undefined ? {} : { localAddress: from }),
    }).setEncoding("utf8");
    this.#socket.on("error", () => {});
    this.#socket.on("data", (text: string) => {
      this.#received.push(text);
      this.#onData();
    });
    // Not `once` of node:events: that rejects on an error, which nobody may be there to hear.
    this.ended = new Promise((resolve) => {
      this.#socket.once("close", () => resolve(this.#received.join("")));
    });
  }

  /** Resolves when it is open; rejects when the server does not take it. */
  async opened(): Promise<this> {
    if (this.#socket.connecting) await once(this.#socket, "connect");
    return this;
  }

  write(text: string): void {
    this.#socket.write(text);
  }

  /** Reads nothing more. */
  stopReading(): this {
    this.#socket.pause();
    return this;
  }

  read(): void {
    this.#socket.resume();
  }

  /** What the server has sent so far, once its end matches; rejects when the connection ends before. */
  async answer(end = /./): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#onData = () => {
        // The last pieces only: an answer of megabytes has hundreds of pieces.
        if (end.test(this.#received.slice(-3).join(""))) resolve();
      };
      this.#onData();
      void this.ended.then(() => reject(new Error("The connection ended")));
    });
    return this.#received.join("");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy();
  }
}
