import { randomUUID } from "node:crypto";
import { type ChannelModel, connect } from "amqplib";
import { createDatabase } from "../services/database.js";
import type { RabbitmqNode } from "../services/rabbitmq-node.js";
import type { Figures } from "./figures.js";
import { runScenario, type Scenario } from "./scenario.js";

/** A virtual host of one scenario, on a broker that the test file owns. */
export interface BrokerScene {
  readonly node: RabbitmqNode;
  readonly vhost: string;
  readonly url: string;
  /** Runs rabbitmqctl on the virtual host. */
  readonly control: (command: string, ...args: string[]) => Promise<string>;
  /** The names of the live queues: those that instances made for themselves. */
  readonly liveQueues: () => Promise<string[]>;
}

type BrokerScenario = Omit<Scenario, "databaseUrl" | "rabbitmqUrl"> & { readonly rabbitmqUrl?: string };

/** Plays a scenario over a database and a virtual host of its own. */
export async function runOnBroker(
  node: RabbitmqNode,
  make: (scene: BrokerScene) => BrokerScenario | Promise<BrokerScenario>,
): Promise<Figures> {
  await using database = await createDatabase();
  const vhost = `faults-${randomUUID()}`;
  await node.rabbitmqctl("add_vhost", vhost);
  await node.rabbitmqctl("set_permissions", "-p", vhost, "guest", ".*", ".*", ".*");
  const control = (command: string, ...args: string[]): Promise<string> =>
    node.rabbitmqctl(command, "-p", vhost, ...args);
  const url = `${node.url}/${vhost}`;
  const scenario = await make({
    node,
    vhost,
    url,
    control,
    async liveQueues() {
      const names = await control("list_queues", "name", "--no-table-headers");
      return names.split("\n").filter((name) => name.startsWith("amq.gen"));
    },
  });
  const figures = await runScenario({ databaseUrl: database.url, rabbitmqUrl: url, ...scenario });
  await node.rabbitmqctl("delete_vhost", vhost);
  return figures;
}

/** A client of the broker beside the service. Disposing of it closes the connection. */
export async function openMeddler(url: string): Promise<ChannelModel & AsyncDisposable> {
  const model = await connect(url);
  model.on("error", () => {});
  return Object.assign(model, { [Symbol.asyncDispose]: () => model.close().catch(() => undefined) });
}
