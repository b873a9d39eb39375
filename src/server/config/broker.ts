import { z } from "zod";
import { listOf, onOrOff, oneOf, url } from "./parsers.js";
import { variable } from "./variable.js";
import { wholeNumber } from "./whole-number.js";

const urls = listOf(
  url("amqp:", "amqps:"),
  "must be one URL that begins with amqp:// or amqps://, or several separated by commas",
);

export const brokerSection = z.object({
  /** One URL, or one for each node of a cluster; null: the in-process broker. */
  urls: variable("RABBITMQ_URL", urls, null),
  heartbeatSeconds: variable("RABBITMQ_HEARTBEAT", wholeNumber(1, 3600), 30),
  /** Until a connection is open, ms. */
  connectionTimeout: variable("RABBITMQ_CONNECTION_TIMEOUT", wholeNumber(1, 600_000), 30_000),
  /** The longest first delay before a reconnect, ms; the delays grow. */
  reconnectInterval: variable("RABBITMQ_RECONNECT_INTERVAL", wholeNumber(1, 600_000), 5000),
  /** Failures in a row after which the instance reports itself unhealthy; 0: never. */
  maxReconnectAttempts: variable("RABBITMQ_MAX_RECONNECT_ATTEMPTS", wholeNumber(0, 1_000_000), 10),
  queueType: variable("RABBITMQ_QUEUE_TYPE", oneOf("classic", "quorum"), "classic"),
  /** One live queue for each instance, or one for each user. */
  liveRouting: variable("LIVE_ROUTING", oneOf("instance", "user"), "instance"),
  /** Whether to compress the bodies of large messages. Compressed messages are read in any case. */
  compression: variable("MESSAGE_COMPRESSION", onOrOff, true),
});

/** null: the in-process broker. */
export function brokerConfig({ urls, ...values }: z.output<typeof brokerSection>) {
  return urls === null ? null : { ...values, urls };
}
