import { print } from "graphql";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { NotificationEventsDocument } from "../../src/client/generated.js";
import { connectTo } from "./subscriber.js";

/** Subscribes to a user's events, and stops reading its socket at the first item. Disposing of it cuts the connection. */
export async function openStalledSubscriber(
  url: string,
  token: string,
  userId: string,
): Promise<AsyncDisposable> {
  let socket: WebSocket | undefined;
  const client = createClient({
    ...connectTo(url, token),
    retryAttempts: 0,
    on: {
      connected(opened) {
        if (opened instanceof WebSocket) socket = opened;
      },
    },
  });
  await new Promise<void>((resolve, reject) => {
    client.subscribe(
      { query: print(NotificationEventsDocument), variables: { userId } },
      {
        next() {
          socket?.pause();
          resolve();
        },
        error: (error) => reject(new Error("the subscription ended", { cause: error })),
        complete: () => undefined,
      },
    );
  });
  return {
    async [Symbol.asyncDispose]() {
      socket?.terminate();
    },
  };
}
