import { type ChannelModel, connect } from "amqplib";
import { addVhost } from "../broker/rabbitmq-testbed.js";
import { createDatabase } from "../services/database.js";
import type { RabbitmqNode } from "../services/rabbitmq-node.js";
import type { Figures } from "./figures.js";
import { type Scenario, Testbed, type TestbedOptions } from "./scenario.js";

/** Instances on a database and a virtual host of their own, on a broker that the test file owns. */
export interface BrokerTestbed extends AsyncDisposable {
  readonly url: string;
  readonly vhost: string;
  run(scenario: Scenario): Promise<Figures>;
  /** Runs rabbitmqctl on the virtual host. */
  control(command: string, ...args: string[]): Promise<string>;
  /** The names of the live queues: those that instances made for themselves. */
  liveQueues(): Promise<string[]>;
}

type Options = Omit<TestbedOptions, "databaseUrl" | "rabbitmqUrl"> & {
  /** Where the instances find the broker, if not at its own URL: given the virtual host. */
  readonly through?: (vhost: string) => string;
};

/** Starts them. */
export async function startOnBroker(node: RabbitmqNode, options: Options = {}): Promise<BrokerTestbed> {
  const database = await createDatabase();
  const { name: vhost, url } = await addVhost(node);
  const rabbitmqUrl = options.through?.(vhost) ?? url;
  const testbed = await Testbed.start({ ...options, databaseUrl: database.url, rabbitmqUrl });
  const control = (command: string, ...args: string[]): Promise<string> =>
    node.rabbitmqctl(command, "-p", vhost, ...args);
  return {
    url,
    vhost,
    run: (scenario) => testbed.run(scenario),
    control,
    async liveQueues() {
      const names = await control("list_queues", "name", "--no-table-headers");
      return names.split("\n").filter((name) => name.startsWith("amq.gen"));
    },
    async [Symbol.asyncDispose]() {
      await testbed[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** A client of the broker beside the service. Disposing of it closes the connection. */
export async function openForeignClient(url: string): Promise<ChannelModel & AsyncDisposable> {
  const model = await connect(url);
  model.on("error", () => {});
  return Object.assign(model, { [Symbol.asyncDispose]: () => model.close().catch(() => undefined) });
}
