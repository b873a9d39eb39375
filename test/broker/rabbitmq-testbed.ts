import { randomUUID } from "node:crypto";
import { type Channel, type ChannelModel, connect, type GetMessage } from "amqplib";
import { RabbitMqBroker, type RabbitMqLimits } from "../../src/server/broker/rabbitmq/rabbitmq-broker.js";
import type { RabbitMqConfig } from "../../src/server/config/config.js";
import { createLog, type Log } from "../../src/server/telemetry/log.js";
import type { RabbitmqNode } from "../services/rabbitmq-node.js";
import { managementApi } from "../services/vhost.js";
import { waitUntil } from "../services/wait-until.js";
import { RecordedListener } from "./recorded-listener.js";

/** A configuration that reconnects soon, so that tests need not wait. */
export function rabbitMqConfig(url: string, fields: Partial<RabbitMqConfig> = {}): RabbitMqConfig {
  return {
    urls: [url],
    heartbeatSeconds: 10,
    connectionTimeout: 5000,
    reconnectInterval: 50,
    maxReconnectAttempts: 0,
    queueType: "classic",
    liveRouting: "instance",
    compression: true,
    ...fields,
  };
}

/** A broker as one process of the service would have it, and what its listener receives. */
export interface BrokerUnderTest extends AsyncDisposable {
  readonly broker: RabbitMqBroker;
  readonly live: RecordedListener;
  /** Waits until publishing and live delivery both work. */
  healthy(): Promise<void>;
}

export interface BedOptions {
  readonly config?: Partial<RabbitMqConfig>;
  readonly limits?: Partial<RabbitMqLimits>;
  readonly log?: Log;
}

/** Makes a broker, and does not start it. */
export function openBroker(url: string, { config = {}, limits = {}, log }: BedOptions = {}): BrokerUnderTest {
  const broker = new RabbitMqBroker(rabbitMqConfig(url, config), log ?? createLog("silent"), limits);
  const live = new RecordedListener();
  broker.listen(live);
  return {
    broker,
    live,
    healthy: () =>
      waitUntil("Becoming healthy", () => broker.health().healthy, {
        timeout: 20_000,
        interval: 20,
        detail: () => JSON.stringify(broker.health()),
      }),
    [Symbol.asyncDispose]: () => broker[Symbol.asyncDispose](),
  };
}

/** Makes a broker, starts it, and waits until its listener has heard that live delivery works. */
export async function startBroker(url: string, options: BedOptions = {}): Promise<BrokerUnderTest> {
  const testbed = openBroker(url, options);
  await testbed.broker.start();
  await testbed.live.states.next();
  return testbed;
}

/** A plain AMQP client beside the brokers under test: looks into queues, and plays tricks on them. */
export interface Spy extends AsyncDisposable {
  readonly channel: Channel;
  /** Of the server: 3, 4. */
  readonly majorVersion: number;
  /** Takes the next message out of a queue, once there is one. */
  take(queue: string): Promise<GetMessage>;
}

export async function openSpy(url: string): Promise<Spy> {
  const model: ChannelModel = await connect(url);
  model.on("error", () => {});
  const channel = await model.createChannel();
  channel.on("error", () => {});
  return {
    channel,
    majorVersion: Number.parseInt(model.connection.serverProperties.version, 10),
    async take(queue) {
      const found: GetMessage[] = [];
      await waitUntil(
        `A message in ${queue}`,
        async () => {
          const message = await channel.get(queue, { noAck: true });
          if (message !== false) found.push(message);
          return message !== false;
        },
        { timeout: 20_000, interval: 20 },
      );
      const [message] = found;
      if (message === undefined) throw new Error(`no message in ${queue}`);
      return message;
    },
    [Symbol.asyncDispose]: () => model.close().catch(() => {}),
  };
}

/** A virtual host of a test's own on a node of its own. */
export interface NodeVhost {
  readonly name: string;
  readonly url: string;
}

export async function addVhost(node: RabbitmqNode): Promise<NodeVhost> {
  const name = `test-${randomUUID()}`;
  await managementApi(node.managementUrl).add(name);
  return { name, url: `${node.url}/${name}` };
}
