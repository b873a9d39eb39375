import { type CarillonClient, createClient } from "../client/index.js";
import { type CreateNotificationInput, CreateNotificationsDocument } from "../client/index.js";
import { demoToken } from "./tokens.js";

/** One mutation's share of a flood. */
const bulk = 50;

/** Stands in for a backend: it may create notifications for anyone. It asks for no events, so it opens no connection. */
export function createSender(): CarillonClient {
  return createClient({ url: "/graphql", userId: "demo-sender", token: () => demoToken({ sender: "true" }) });
}

/** Creates them all, or none. @returns milliseconds until it was acknowledged */
export async function send(sender: CarillonClient, inputs: CreateNotificationInput[]): Promise<number> {
  const start = performance.now();
  await sender.request(CreateNotificationsDocument, { inputs });
  return performance.now() - start;
}

/** Creates so many notifications for a user, a bulk at a time, as fast as they are acknowledged. */
export async function flood(
  sender: CarillonClient,
  userId: string,
  count: number,
  onAcknowledged: (more: number) => void,
): Promise<void> {
  for (let sent = 0; sent < count; sent += bulk) {
    const size = Math.min(bulk, count - sent);
    const inputs = Array.from({ length: size }, (_, index) => ({
      userId,
      category: "demo.flood",
      title: `Number ${sent + index + 1} of ${count}`,
    }));
    await send(sender, inputs);
    onAcknowledged(size);
  }
}
