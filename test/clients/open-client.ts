import { WebSocket } from "ws";
import { type CarillonClient, type ClientOptions, createClient } from "../../src/client/index.js";
import { token } from "../kit/app.js";
import { waitUntil } from "../services/wait-until.js";

/** The client of a user, as a program in Node.js opens it, with short waits. */
export function openClient(
  url: string,
  userId: string,
  options: Partial<ClientOptions> = {},
): CarillonClient {
  return createClient({
    url: new URL("/graphql", url).href,
    userId,
    token: () => token(userId),
    webSocket: WebSocket,
    retry: { first: 20, longest: 100 },
    ...options,
  });
}

/** Waits until a client has this status. */
export async function untilStatus(client: CarillonClient, status: string): Promise<void> {
  await waitUntil(`the status ${status}`, () => client.connection.get().status === status, {
    timeout: 20_000,
    interval: 5,
  });
}
