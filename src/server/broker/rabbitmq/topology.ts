import { createHash } from "node:crypto";
import type { Channel, ChannelModel, Options } from "amqplib";
import type { RabbitMqConfig } from "../../config/config.js";
import { BrokerTopologyError } from "../errors.js";
import type { EventMessage } from "../event-publisher.js";
import { type TaskQueueName, workQueueNames } from "../work-queues.js";
import { closeChannel } from "./close-channel.js";
import { priorityQueuesOf } from "./priority-queues.js";
import { describeError } from "../describe-error.js";

/*
 * Everything durable in RabbitMQ. Every process declares it at every connect, so that a broker that lost its state has it
 * again.
 *
 *   notification.events (direct) ── notification.new|read|delete|clear ──▶ work queue of that name ◀─ after 5 s ─┐
 *            │                                                                 │          │ failed               │
 *            │                                                                 │          ▼                      │
 *            └── notification.live, user.<id> ──▶ live queue of each process   │  notification.retry.5s (fanout) ──▶ queue of that name
 *                                                 (live-consumer.ts)           │
 *                            failed too often, rejected, over the length bound ▼
 *                                             notification.dead-letter (fanout) ──▶ notification.dead
 *
 * Task queues (task-queues.ts) are like work queues, but are declared when they are needed, and have no binding. Where queues
 * have no priorities, each of both has a second queue for urgent messages (priority-queues.ts).
 * RabbitMQ rejects a declaration with other arguments: after a change below, every operator has to delete queues.
 */

/** The exchange that every event is published to, with the options that AMQPPubSub has to declare, too. */
export const eventExchange = {
  name: "notification.events",
  type: "direct" as const,
  options: { durable: true, autoDelete: false },
} satisfies { name: string; type: string; options: Options.AssertExchange };

export const deadLetterExchange = "notification.dead-letter";
export const deadLetterQueue = "notification.dead";

/** The routing key that delivers every event to every process. */
export const liveKey = "notification.live";

/**
 * The bounds of a queue without a consumer. Beyond the first one reached, its oldest messages go to the dead-letter queue,
 * which over the same bounds drops its oldest. The event log in PostgreSQL still has them.
 *
 * Generous, and not to be changed: operators set lower bounds with a policy, which applies at once to existing queues.
 * RabbitMQ uses the lower one of argument and policy. https://www.rabbitmq.com/docs/parameters#policies
 */
const lengthBound = { "x-max-length": 1_000_000, "x-max-length-bytes": 2 ** 30 };

/** The configurable part of the topology. */
export interface Topology {
  readonly queueType: RabbitMqConfig["queueType"];
  /** How long the messages of each retry queue wait in it, ms. */
  readonly retryDelays: readonly number[];
}

/** Priorities 0 to 9. Classic queues only: see priority-queues.ts. */
const maxPriority = 9;

/** A quorum queue dead-letters a message after this many unanswered deliveries: it probably crashes its consumers. */
const deliveryLimit = 20;

/** A dead letter is dropped only after this many deliveries without an acknowledgement: storing it may fail for long. */
const deadLetterDeliveryLimit = 1_000_000;

/** RabbitMQ deletes a task queue, with its messages, after a week without a consumer; ms. */
const taskQueueExpiry = 7 * 24 * 60 * 60 * 1000;

/** The longest routing key, an AMQP short string, in bytes. */
const longestKey = 255;

/** The routing key of one user's events, for publishing and for binding. Ids that are too long are hashed. */
export function userKey(userId: string): string {
  const key = `user.${userId}`;
  if (Buffer.byteLength(key) <= longestKey) return key;
  return `user.sha256-${createHash("sha256").update(userId).digest("base64url")}`;
}

/** The name of the exchange and the queue in which failed messages wait this many ms, e.g. `notification.retry.5s`. */
export function retryName(delay: number): string {
  return `${retryPrefix}${formatDelay(delay)}`;
}

/** Other delays have other queues, so that a new version loses no message that waits in an old one. */
export const retryPrefix = "notification.retry.";

const units = [
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
] as const;

function formatDelay(delay: number): string {
  const [unit, length] = units.find(([, length]) => delay % length === 0) ?? ["ms", 1];
  return `${delay / length}${unit}`;
}

/** The routing keys of a message in addition to its work queue's (RabbitMQ's sender-selected distribution). */
export function extraKeys(message: EventMessage): string[] {
  return [liveKey, userKey(message.userId)];
}

export interface DeclaredExchange {
  readonly name: string;
  readonly type: "direct" | "fanout";
}

export interface DeclaredQueue {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** The source of its messages. */
  readonly binding: { readonly exchange: string; readonly key: string };
}

/** The required exchanges. */
export function exchangesOf({ retryDelays }: Topology): readonly DeclaredExchange[] {
  const fanouts = [deadLetterExchange, ...retryDelays.map(retryName)];
  return [
    { name: eventExchange.name, type: eventExchange.type },
    ...fanouts.map((name) => ({ name, type: "fanout" as const })),
  ];
}

/** The required queues, except for task queues. */
export function queuesOf({ queueType, retryDelays }: Topology): readonly DeclaredQueue[] {
  const workQueues = workQueueNames.flatMap((name) => priorityQueuesOf(name, queueType));
  return [
    {
      name: deadLetterQueue,
      arguments: deadLetterQueueArguments(queueType),
      binding: { exchange: deadLetterExchange, key: "" },
    },
    ...workQueues.map((name) => ({
      name,
      arguments: workQueueArguments(queueType),
      binding: { exchange: eventExchange.name, key: name },
    })),
    ...retryDelays.map((delay) => ({
      name: retryName(delay),
      arguments: retryQueueArguments(queueType, delay),
      binding: { exchange: retryName(delay), key: "" },
    })),
  ];
}

/**
 * Declares exchanges, queues and bindings on a channel of its own.
 * @throws BrokerTopologyError when one of them exists with other arguments.
 */
export async function declareTopology(model: ChannelModel, topology: Topology): Promise<void> {
  const channel = await openDeclaring(model);
  for (const exchange of exchangesOf(topology)) await declareExchange(channel, exchange);
  for (const queue of queuesOf(topology)) {
    await declareQueue(channel, queue);
    await channel.bindQueue(queue.name, queue.binding.exchange, queue.binding.key);
  }
  await closeChannel(channel);
}

/**
 * Declares a task queue, on a channel of its own.
 * @throws BrokerTopologyError when it exists with other arguments.
 */
export async function declareTaskQueue(
  model: ChannelModel,
  { queueType }: Topology,
  queue: TaskQueueName,
): Promise<void> {
  const channel = await openDeclaring(model);
  const args = { ...workQueueArguments(queueType), "x-expires": taskQueueExpiry };
  await declareQueue(channel, { name: queue, arguments: args });
  await closeChannel(channel);
}

/** A channel for declarations: RabbitMQ closes it when it refuses one. */
export async function openDeclaring(model: ChannelModel): Promise<Channel> {
  const channel = await model.createChannel();
  // The error also rejects the call that caused it, and is handled there.
  channel.on("error", () => {});
  return channel;
}

function workQueueArguments(queueType: RabbitMqConfig["queueType"]): Record<string, unknown> {
  return {
    "x-queue-type": queueType,
    "x-dead-letter-exchange": deadLetterExchange,
    ...lengthBound,
    ...(queueType === "classic" ? { "x-max-priority": maxPriority } : { "x-delivery-limit": deliveryLimit }),
  };
}

function deadLetterQueueArguments(queueType: Topology["queueType"]): Record<string, unknown> {
  return {
    "x-queue-type": queueType,
    ...lengthBound,
    ...(queueType === "quorum" && { "x-delivery-limit": deadLetterDeliveryLimit }),
  };
}

/**
 * After the delay RabbitMQ moves a message to the default exchange, where its routing key names the queue that it came from. A
 * full retry queue rejects the message, which then stays in the queue where it failed.
 *
 * RabbitMQ moves messages without confirms: one that is moved while the broker is killed may be lost. Quorum queues could
 * confirm (`x-dead-letter-strategy`), but then a few messages whose queue was deleted block all others forever.
 */
function retryQueueArguments(queueType: Topology["queueType"], delay: number): Record<string, unknown> {
  return {
    "x-queue-type": queueType,
    "x-message-ttl": delay,
    "x-dead-letter-exchange": "",
    ...lengthBound,
    "x-overflow": "reject-publish",
  };
}

/** @throws BrokerTopologyError when it exists with other arguments. */
export function declareExchange(channel: Channel, { name, type }: DeclaredExchange): Promise<void> {
  return declaring("exchange", name, () => channel.assertExchange(name, type, eventExchange.options));
}

/** @throws BrokerTopologyError when it exists with other arguments. */
export function declareQueue(
  channel: Channel,
  { name, arguments: args }: Pick<DeclaredQueue, "name" | "arguments">,
): Promise<void> {
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
