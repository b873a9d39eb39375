import { once } from "node:events";
import type { Channel } from "amqplib";

/**
 * Closes a channel. Resolves when it is closed, never rejects. The promise of amqplib's own `close` does not suffice: it stays
 * pending for ever when the connection is lost before the broker's answer, while the event is always emitted.
 */
export async function closeChannel(channel: Channel): Promise<void> {
  await Promise.race([once(channel, "close"), channel.close()]).catch(() => {});
}
