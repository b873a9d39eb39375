import { createHash } from "node:crypto";
import type { Channel, ChannelModel, Options } from "amqplib";
import type { RabbitMqConfig } from "../../config.js";
import { BrokerTopologyError, type BrokerMessage, type TaskQueue, workQueues } from "../broker.js";
import { closeChannel } from "./close-channel.js";
import { lanesOf } from "./express-lane.js";
import { describeError } from "../describe-error.js";

/*
 * Everything durable that stands in RabbitMQ, declared by every process at every connect, so that a broker that lost its
 * state is whole again.
 *
 *   notification.events (direct) ── notification.new|read|delete|clear ──▶ work queue of that name ◀─ after 5 s ─┐
 *            │                                                                 │          │ failed               │
 *            └── notification.live, user.<id> ──▶ live queues (live.ts)        │          ▼                      │
 *                                                                              │  notification.retry.5s (fanout) ──▶ queue of that name
 *                            failed too often, rejected, over the length bound ▼
 *                                             notification.dead-letter (fanout) ──▶ notification.dead
 *
 * Task queues (task-queues.ts) are like work queues, but are declared when they are needed, and bound to nothing. Where
 * queues know no priorities, each of both has an express lane (express-lane.ts).
 * RabbitMQ refuses to declare again with other arguments: changing a number below makes every operator delete queues.
 */

/** The exchange that every event is published to, with the options that AMQPPubSub has to repeat exactly. */
export const eventExchange = {
  name: "notification.events",
  type: "direct" as const,
  options: { durable: true, autoDelete: false },
} satisfies { name: string; type: string; options: Options.AssertExchange };

export const deadLetterExchange = "notification.dead-letter";
export const deadLetterQueue = "notification.dead";

/** The routing key under which every event reaches every process. */
export const liveKey = "notification.live";

/**
 * A queue that nobody reads holds this much, whichever limit is met first; then its oldest messages go to the dead queue,
 * and the dead queue, over the same bounds, drops its oldest for good. The event log in PostgreSQL still has them.
 *
 * A ceiling, generous and not to be changed: operators set lower bounds by a policy, which takes effect at once on queues that
 * stand. RabbitMQ takes the lower one of argument and policy. https://www.rabbitmq.com/docs/parameters#policies
 */
const lengthBound = { "x-max-length": 1_000_000, "x-max-length-bytes": 2 ** 30 };

/** What of the topology is a matter of configuration. */
export interface Topology {
  readonly queueType: RabbitMqConfig["queueType"];
  /** How long the messages of each retry queue wait in it, ms. */
  readonly retryDelays: readonly number[];
}

/** Priorities 0 to 9. Classic queues only: see express-lane.ts. */
const maxPriority = 9;

/** A message that a quorum queue delivered this often without an answer is dead: it probably kills its consumers. */
const deliveryLimit = 20;

/** One that is delivered in vain, because it cannot be written down or its consumers stop, is dropped only after this often. */
const deadLetterDeliveryLimit = 1_000_000;

/** A task queue without a consumer vanishes after a week, with what is in it, ms. */
const taskQueueExpiry = 7 * 24 * 60 * 60 * 1000;

/** AMQP's short strings, routing keys among them, hold at most this many bytes. */
const longestKey = 255;

/** The routing key of one user's events, the same for publishing and for binding. Ids that are too long are hashed. */
export function userKey(userId: string): string {
  const key = `user.${userId}`;
  if (Buffer.byteLength(key) <= longestKey) return key;
  return `user.sha256-${createHash("sha256").update(userId).digest("base64url")}`;
}

/** The exchange, and the queue, in which failed messages wait this many ms, e.g. `notification.retry.5s`. */
export function retryName(delay: number): string {
  return `${retryPrefix}${inWords(delay)}`;
}

/** Other delays make other queues, so that a new version deletes none, and loses nothing that waits in the old ones. */
export const retryPrefix = "notification.retry.";

const units = [
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
] as const;

function inWords(delay: number): string {
  const [unit, length] = units.find(([, length]) => delay % length === 0) ?? ["ms", 1];
  return `${delay / length}${unit}`;
}

/** The keys besides its work queue's under which a message travels (RabbitMQ's sender-selected distribution). */
export function extraKeys(message: BrokerMessage): string[] {
  return [liveKey, userKey(message.userId)];
}

export interface DeclaredExchange {
  readonly name: string;
  readonly type: "direct" | "fanout";
}

export interface DeclaredQueue {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Where its messages come from. */
  readonly binding: { readonly exchange: string; readonly key: string };
}

/** The exchanges that have to stand. */
export function exchangesOf({ retryDelays }: Topology): readonly DeclaredExchange[] {
  const fanouts = [deadLetterExchange, ...retryDelays.map(retryName)];
  return [
    { name: eventExchange.name, type: eventExchange.type },
    ...fanouts.map((name) => ({ name, type: "fanout" as const })),
  ];
}

/** The queues that have to stand; task queues come and go besides. */
export function queuesOf({ queueType, retryDelays }: Topology): readonly DeclaredQueue[] {
  const workLanes = workQueues.flatMap((name) => lanesOf(name, queueType));
  return [
    {
      name: deadLetterQueue,
      arguments: deadLetterQueueArguments(queueType),
      binding: { exchange: deadLetterExchange, key: "" },
    },
    ...workLanes.map((name) => ({
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
 * @throws BrokerTopologyError when one of them stands with other arguments.
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
 * @throws BrokerTopologyError when it stands with other arguments.
 */
export async function declareTaskQueue(
  model: ChannelModel,
  { queueType }: Topology,
  queue: TaskQueue,
): Promise<void> {
  const channel = await openDeclaring(model);
  const args = { ...workQueueArguments(queueType), "x-expires": taskQueueExpiry };
  await declareQueue(channel, { name: queue, arguments: args });
  await closeChannel(channel);
}

/** A channel for declarations: what is refused ends it. */
export async function openDeclaring(model: ChannelModel): Promise<Channel> {
  const channel = await model.createChannel();
  // The error also rejects the call that caused it, which is where it is handled.
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
 * What has waited goes, without a routing key of its own, to the default exchange: there the key that it was published
 * with names the queue that it came from. A full retry queue refuses, so that the message stays where it failed.
 *
 * RabbitMQ moves it without confirms: what moves at the very moment in which a broker is killed may be lost. Quorum queues
 * could confirm (`x-dead-letter-strategy`), but then a few messages whose own queue was deleted hold up all others for ever.
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

/** @throws BrokerTopologyError when it stands with other arguments. */
export function declareExchange(channel: Channel, { name, type }: DeclaredExchange): Promise<void> {
  return declaring("exchange", name, () => channel.assertExchange(name, type, eventExchange.options));
}

/** @throws BrokerTopologyError when it stands with other arguments. */
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
