import { print } from "graphql";
import { WebSocket } from "ws";
import {
  NotificationEventsDocument,
  type NotificationEventsSubscription,
  type NotificationEventsSubscriptionVariables,
} from "../../src/client/generated.js";
import { connectTo, type Received } from "./subscriber.js";

interface Message {
  readonly type: string;
  readonly payload?: { readonly data?: NotificationEventsSubscription | null };
}

/** One subscription on a socket of its own, which reads at the pace that a test wants. Disposing of it cuts the line. */
export class RawSubscriber implements AsyncDisposable {
  readonly received: Received[] = [];
  /** The code with which it was closed. */
  readonly closed: Promise<number>;
  readonly #socket: WebSocket;
  readonly #waiting = new Set<() => void>();
  #drip = 0;

  constructor(url: string, token: string, variables: NotificationEventsSubscriptionVariables) {
    const options = connectTo(url, token);
    this.#socket = new WebSocket(String(options.url), "graphql-transport-ws");
    this.closed = new Promise((resolve) => {
      this.#socket.once("close", resolve);
    });
    this.#socket.on("error", () => undefined);
    this.#socket.on("open", () => this.#send({ type: "connection_init", payload: options.connectionParams }));
    this.#socket.on("message", (data: Buffer) => {
      const { type, payload } = JSON.parse(data.toString()) as Message;
      if (type === "connection_ack") {
        const operation = { query: print(NotificationEventsDocument), variables };
        this.#send({ id: "1", type: "subscribe", payload: operation });
      }
      if (type === "ping") this.#send({ type: "pong" });
      if (type === "next" && payload?.data) this.#receive(payload.data.notificationEvents);
    });
  }

  /** Waits until there are `count` items. */
  async until(count: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const check = (): void => {
        if (this.received.length < count) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      void this.closed.then((code) =>
        reject(new Error(`closed with ${code} after ${this.received.length} items`)),
      );
      check();
    });
  }

  stopReading(): void {
    this.#socket.pause();
  }

  /** Rests for so many milliseconds after each item; 0: reads as fast as it can again. */
  drip(pause: number): void {
    this.#drip = pause;
  }

  read(): void {
    this.#socket.resume();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.terminate();
  }

  #receive(item: Received): void {
    this.received.push(item);
    for (const check of this.#waiting) check();
    if (this.#drip === 0) return;
    this.#socket.pause();
    setTimeout(() => this.#socket.resume(), this.#drip);
  }

  #send(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }
}
