import { createHash } from "node:crypto";
import type { Channel, ChannelModel, Options } from "amqplib";
import type { RabbitMqConfig } from "../../config.js";
import { BrokerTopologyError, type BrokerMessage, workQueues } from "../broker.js";
import { closeChannel } from "./close-channel.js";
import { describeError } from "./describe-error.js";

/*
 * Everything durable that stands in RabbitMQ, declared by every process at every connect, so that a broker that lost its
 * state is whole again.
 *
 *   notification.events (direct) ── notification.new|read|delete|clear ──▶ work queue of that name
 *            │                                                                 │ rejected, or over the length bound
 *            └── notification.live, user.<id> ──▶ live queues (live.ts)        ▼
 *                                             notification.dead-letter (fanout) ──▶ notification.dead
 *
 * RabbitMQ refuses to declare again with other arguments: changing a number below makes every operator delete queues.
 */

/** The exchange that every event is published to, with the options that AMQPPubSub has to repeat exactly. */
export const eventExchange = {
  name: "notification.events",
  type: "direct",
  options: { durable: true, autoDelete: false },
} satisfies { name: string; type: string; options: Options.AssertExchange };

const deadLetterExchange = "notification.dead-letter";
const deadLetterQueue = "notification.dead";

/** The routing key under which every event reaches every process. */
export const liveKey = "notification.live";

/**
 * A work queue that nobody reads holds this much, whichever limit is met first; then its oldest messages go to the dead
 * queue, and the dead queue, over the same bounds, drops its oldest for good. The event log in PostgreSQL still has them.
 */
const lengthBound = { "x-max-length": 100_000, "x-max-length-bytes": 256 * 1024 * 1024 };

/** Priorities 0 to 9. Classic queues only: quorum queues order by arrival. */
const maxPriority = 9;

/** A message that a quorum queue delivered this often without an answer is dead: it probably kills its consumers. */
const deliveryLimit = 20;

/** AMQP's short strings, routing keys among them, hold at most this many bytes. */
const longestKey = 255;

/** The routing key of one user's events, the same for publishing and for binding. Ids that are too long are hashed. */
export function userKey(userId: string): string {
  const key = `user.${userId}`;
  if (Buffer.byteLength(key) <= longestKey) return key;
  return `user.sha256-${createHash("sha256").update(userId).digest("base64url")}`;
}

/** The keys besides its work queue's under which a message travels (RabbitMQ's sender-selected distribution). */
export function extraKeys(message: BrokerMessage): string[] {
  return [liveKey, userKey(message.userId)];
}

/**
 * Declares exchanges, queues and bindings on a channel of its own.
 * @throws BrokerTopologyError when one of them stands with other arguments.
 */
export async function declareTopology(
  model: ChannelModel,
  queueType: RabbitMqConfig["queueType"],
): Promise<void> {
  const channel = await model.createChannel();
  // The error also rejects the call that caused it, which is where it is handled.
  channel.on("error", () => {});
  await declaring("exchange", eventExchange.name, () =>
    channel.assertExchange(eventExchange.name, eventExchange.type, eventExchange.options),
  );
  await declaring("exchange", deadLetterExchange, () =>
    channel.assertExchange(deadLetterExchange, "fanout", { durable: true, autoDelete: false }),
  );
  await declareQueue(channel, deadLetterQueue, { "x-queue-type": queueType, ...lengthBound });
  await channel.bindQueue(deadLetterQueue, deadLetterExchange, "");
  for (const queue of workQueues) {
    await declareQueue(channel, queue, workQueueArguments(queueType));
    await channel.bindQueue(queue, eventExchange.name, queue);
  }
  await closeChannel(channel);
}

function workQueueArguments(queueType: RabbitMqConfig["queueType"]): Record<string, unknown> {
  return {
    "x-queue-type": queueType,
    "x-dead-letter-exchange": deadLetterExchange,
    ...lengthBound,
    ...(queueType === "classic" ? { "x-max-priority": maxPriority } : { "x-delivery-limit": deliveryLimit }),
  };
}

function declareQueue(channel: Channel, name: string, args: Record<string, unknown>): Promise<void> {
  return declaring("queue", name, () => channel.assertQueue(name, { durable: true, arguments: args }));
}

async function declaring(kind: "exchange" | "queue", name: string, declare: () => Promise<unknown>) {
  try {
    await declare();
  } catch (error) {
    if (!isPreconditionFailed(error)) throw error;
    throw new BrokerTopologyError(mismatch(kind, name, error), { cause: error });
  }
}

function isPreconditionFailed(error: unknown): error is Error {
  return error instanceof Error && "code" in error && error.code === 406;
}

function mismatch(kind: "exchange" | "queue", name: string, error: Error): string {
  const remedy =
    kind === "queue"
      ? `set RABBITMQ_QUEUE_TYPE to what it was made with, or empty and delete it (rabbitmqctl delete_queue ${name})`
      : "delete it";
  return (
    `RabbitMQ ${kind} ${name} exists with other arguments than this version declares: ${remedy}, ` +
    `or give RABBITMQ_URL a virtual host of its own. RabbitMQ says: ${describeError(error)}`
  );
}
