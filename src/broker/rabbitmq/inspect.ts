import { randomUUID } from "node:crypto";
import { type Channel, type ChannelModel, connect, type SocketOptions } from "amqplib";
import type { RabbitMqConfig } from "../../config.js";
import { BrokerTopologyError } from "../broker.js";
import { describeError } from "../describe-error.js";
import { defaultRetryDelays } from "../failures.js";
import { settledWithin } from "../within.js";
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

/** What a look at a broker found. */
export interface RabbitMqInspection {
  readonly version: string;
  /** What has to stand and does not. A start declares it. */
  readonly missing: readonly string[];
  /** A line for each exchange or queue that stands with other arguments. It keeps an instance from starting. */
  readonly mismatches: readonly string[];
  /** Why the broker holds publishers back; null when it does not. */
  readonly alarm: string | null;
  /** Messages in the dead letter queue, which a worker writes down; null when there is no such queue. */
  readonly deadLetters: number | null;
}

/** ms */
const closeTimeout = 1000;

/**
 * Looks at a broker as an instance would find it, and changes nothing: whether something stands is asked passively, and only
 * what stands is declared, which compares its arguments. Bindings cannot be asked for over AMQP.
 * @param timeout of connecting, and twice that of all that follows, ms
 * @throws whatever keeps it from connecting
 */
export async function inspectRabbitMq(
  url: string,
  { queueType }: Pick<RabbitMqConfig, "queueType">,
  timeout: number,
): Promise<RabbitMqInspection> {
  const socket = new AbortController();
  // net and tls hand `signal` to their socket, but amqplib's types leave it out.
  const options: SocketOptions & { signal: AbortSignal } = {
    timeout,
    noDelay: true,
    clientProperties: { connection_name: "carillon doctor" },
    signal: socket.signal,
  };
  const model = await connect(url, options);
  // A line that goes dead in the middle would hold each question up for minutes.
  const deadline = setTimeout(() => socket.abort(), 2 * timeout);
  // The error also rejects the call that it meets, which is where it is handled.
  model.on("error", () => {});
  try {
    const topology = { queueType, retryDelays: defaultRetryDelays };
    return {
      version: model.connection.serverProperties.version,
      ...(await compareTopology(model, topology)),
      deadLetters: await countMessages(model, deadLetterQueue),
      // Under an alarm nothing more is answered on this connection: it comes last.
      alarm: await findAlarm(model, timeout),
    };
  } finally {
    // Under an alarm there is no goodbye.
    await settledWithin(closeTimeout, model.close());
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

/** Uses a channel of its own. @returns null when the broker says that there is no such thing */
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
 * The broker says that it is blocked to those alone who publish: so something is published that no queue gets, and either
 * confirmed, or answered by the alarm.
 */
async function findAlarm(model: ChannelModel, timeout: number): Promise<string | null> {
  const channel = await model.createConfirmChannel();
  channel.on("error", () => {});
  return await new Promise<string | null>((resolve, reject) => {
    const timer = setTimeout(() => resolve("nothing that is published is confirmed"), timeout);
    model.on("blocked", (reason) => settle(() => resolve(reason)));
    channel.publish("", `doctor.${randomUUID()}`, Buffer.alloc(0), {}, (error) =>
      settle(() => (error === null || error === undefined ? resolve(null) : reject(toError(error)))),
    );
    function settle(tell: () => void): void {
      clearTimeout(timer);
      tell();
    }
  });
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(describeError(error));
}
