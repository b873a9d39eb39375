import { once } from "node:events";
import type { Channel } from "amqplib";

/**
 * Closes a channel and waits until it is closed. Never rejects. The promise of amqplib's own `close` is not enough: when
 * the connection is lost before the broker's answer, it stays pending for ever, while the event comes in any case.
 */
export async function closeChannel(channel: Channel): Promise<void> {
  await Promise.race([once(channel, "close"), channel.close()]).catch(() => {});
}
