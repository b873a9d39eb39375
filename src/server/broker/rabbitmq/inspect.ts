import { randomUUID } from "node:crypto";
import { type Channel, type ChannelModel, connect, type SocketOptions } from "amqplib";
import type { RabbitMqConfig } from "../../config/config.js";
import { BrokerTopologyError } from "../errors.js";
import { describeError } from "../describe-error.js";
import { defaultRetryDelays } from "../retry-policy.js";
import { settlesWithin } from "../../scheduling/timeout.js";
import { closeChannel } from "./close-channel.js";
import {
  deadLetterQueue,
  declareExchange,
  declareQueue,
  exchangesOf,
  openDeclaring,
  queuesOf,
  type Topology,
} from "./topology.js";

/** The result of an inspection. */
export interface RabbitMqInspection {
  readonly version: string;
  /** Required exchanges and queues that do not exist. A start declares them. */
  readonly missing: readonly string[];
  /** A line for each exchange or queue that exists with other arguments, which prevents a start. */
  readonly mismatches: readonly string[];
  /** Why the broker blocks publishers; null: it does not. */
  readonly alarm: string | null;
  /** Messages in the dead-letter queue that no worker has stored yet; null: there is no such queue. */
  readonly deadLetters: number | null;
}

/** ms */
const closeTimeout = 1000;

/**
 * Inspects a broker without changing it: existence is checked passively, and only what exists is declared, which compares its
 * arguments. Bindings cannot be inspected over AMQP.
 * @param timeout of the connect, and twice that for everything else, ms
 * @throws the error that prevents the connection
 */
export async function inspectRabbitMq(
  url: string,
  { queueType }: Pick<RabbitMqConfig, "queueType">,
  timeout: number,
): Promise<RabbitMqInspection> {
  const socket = new AbortController();
  // net and tls pass `signal` to their socket, but amqplib's types do not have it.
  const options: SocketOptions & { signal: AbortSignal } = {
    timeout,
    noDelay: true,
    clientProperties: { connection_name: "carillon doctor" },
    signal: socket.signal,
  };
  const model = await connect(url, options);
  // On a half-open connection each request would wait for minutes.
  const deadline = setTimeout(() => socket.abort(), 2 * timeout);
  // The error also rejects the pending call, and is handled there.
  model.on("error", () => {});
  try {
    const topology = { queueType, retryDelays: defaultRetryDelays };
    return {
      version: model.connection.serverProperties.version,
      ...(await compareTopology(model, topology)),
      deadLetters: await countMessages(model, deadLetterQueue),
      // Last: during an alarm nothing more is answered on this connection.
      alarm: await findAlarm(model, timeout),
    };
  } finally {
    // During an alarm there is no close-ok.
    await settlesWithin(closeTimeout, model.close());
    clearTimeout(deadline);
    socket.abort();
  }
}

type Comparison = Pick<RabbitMqInspection, "missing" | "mismatches">;

async function compareTopology(model: ChannelModel, topology: Topology): Promise<Comparison> {
  const missing: string[] = [];
  const mismatches: string[] = [];

  async function compare(name: string, ask: Use, declare: Use): Promise<void> {
    try {
      if ((await onChannel(model, ask)) === null) missing.push(name);
      else await onChannel(model, declare);
    } catch (error) {
      if (!(error instanceof BrokerTopologyError)) throw error;
      mismatches.push(error.message);
    }
  }

  for (const exchange of exchangesOf(topology)) {
    await compare(
      exchange.name,
      (channel) => channel.checkExchange(exchange.name),
      (channel) => declareExchange(channel, exchange),
    );
  }
  for (const queue of queuesOf(topology)) {
    await compare(
      queue.name,
      (channel) => channel.checkQueue(queue.name),
      (channel) => declareQueue(channel, queue),
    );
  }
  return { missing, mismatches };
}

type Use = (channel: Channel) => Promise<unknown>;

/** Uses a channel of its own. @returns null when the exchange or queue does not exist */
async function onChannel<T>(model: ChannelModel, use: (channel: Channel) => Promise<T>): Promise<T | null> {
  const channel = await openDeclaring(model);
  try {
    const result = await use(channel);
    await closeChannel(channel);
    return result;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === 404) return null;
    throw error;
  }
}

async function countMessages(model: ChannelModel, queue: string): Promise<number | null> {
  const answer = await onChannel(model, (channel) => channel.checkQueue(queue));
  return answer?.messageCount ?? null;
}

/**
 * The broker reports an alarm only to connections that publish. So a message is published that reaches no queue: it is either
 * confirmed, or answered by the alarm.
 */
async function findAlarm(model: ChannelModel, timeout: number): Promise<string | null> {
  const channel = await model.createConfirmChannel();
  channel.on("error", () => {});
  const answer = new Promise<string | null>((resolve, reject) => {
    model.on("blocked", resolve);
    channel.publish("", `doctor.${randomUUID()}`, Buffer.alloc(0), {}, (error) =>
      error === null || error === undefined ? resolve(null) : reject(toError(error)),
    );
  });
  return (await settlesWithin(timeout, answer)) ? await answer : "nothing that is published is confirmed";
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(describeError(error));
}
