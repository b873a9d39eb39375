import { type CarillonClient, createClient } from "@carillon/client";
import { type CreateNotificationInput, CreateNotificationsDocument } from "@carillon/client";
import { demoToken } from "./demo-token.js";

/** How many notifications one mutation of a flood creates. */
const batchSize = 50;

/** A client that acts as a backend: it may create notifications for anyone. It asks for no events, so it opens no connection. */
export function createSender(): CarillonClient {
  return createClient({ url: "/graphql", userId: "demo-sender", token: () => demoToken({ sender: "true" }) });
}

/** Creates them all, or none. @returns milliseconds until it was acknowledged */
export async function send(sender: CarillonClient, inputs: CreateNotificationInput[]): Promise<number> {
  const start = performance.now();
  await sender.request(CreateNotificationsDocument, { inputs });
  return performance.now() - start;
}

/** Creates `count` notifications for a user, in batches, as fast as they are acknowledged. */
export async function flood(
  sender: CarillonClient,
  userId: string,
  count: number,
  onAcknowledged: (more: number) => void,
): Promise<void> {
  for (let sent = 0; sent < count; sent += batchSize) {
    const size = Math.min(batchSize, count - sent);
    const inputs = Array.from({ length: size }, (_, index) => ({
      userId,
      category: "demo.flood",
      title: `Number ${sent + index + 1} of ${count}`,
    }));
    await send(sender, inputs);
    onAcknowledged(size);
  }
}
