import {
  resolveDevelopmentTokenAccess,
  type DevelopmentTokenAccess,
} from "./auth/development-token-policy.js";
import type { Broker } from "./broker/broker.js";
import { openBroker } from "./broker/open-broker.js";
import type { Config } from "./config/config.js";
import { initializeEpoch, openDatabase } from "./database/open-database.js";
import { openDelivery } from "./delivery/open-delivery.js";
import { checkListenAddress } from "./http/listen-address.js";
import { openLive } from "./live/live.js";
import { limitRequests, unlimited } from "./notifications/request-queue.js";
import { NotificationService } from "./notifications/service.js";
import { openHttp } from "./open-http.js";
import { ResourceStack } from "./scheduling/resource-stack.js";
import type { Log } from "./telemetry/log.js";

/** A running instance. Disposing of it closes every part, in a bounded time. */
export interface App extends AsyncDisposable {
  /** Where it listens, e.g. http://127.0.0.1:4000 */
  readonly url: string;
  /** A token for a first session; null where tokens come from elsewhere. */
  readonly developmentToken: string | null;
  /** Whether the demo is served, at `url`. */
  readonly demo: boolean;
  /** Reports not ready, and resolves after SHUTDOWN_DELAY, when load balancers have noticed. Requests are still served. */
  drain(): Promise<void>;
}

/**
 * The composition root: opens every part, in the order in which they depend on one another. When one cannot be opened, the
 * parts before it are closed.
 * @param wrapBroker puts a layer between this instance and its broker
 * @throws StartupError, whose message is for the operator
 */
export async function startApp(
  config: Config,
  log: Log,
  wrapBroker: (broker: Broker) => Broker = (broker) => broker,
): Promise<App> {
  const resources = new ResourceStack();
  try {
    return await openParts(config, log, wrapBroker, resources);
  } catch (error) {
    await resources[Symbol.asyncDispose]();
    throw error;
  }
}

async function openParts(
  config: Config,
  log: Log,
  wrapBroker: (broker: Broker) => Broker,
  resources: ResourceStack,
): Promise<App> {
  const tokenAccess = await resolveDevelopmentTokenAccess(config);
  await checkListenAddress(config);
  warnAboutDevelopmentTokens(tokenAccess, config, log);

  const database = resources.use(await openDatabase(config, log));
  await initializeEpoch(database, config, log);

  const broker = resources.use(wrapBroker(openBroker(config.rabbitmq, log)));
  const { eventRetention, live: feedLimits } = config;
  const live = await openLive({ database, broker, eventRetention, feedLimits, log }, resources);

  const requests = database.kind === "pglite" ? unlimited : limitRequests(config.databasePoolSize);
  const notifications = new NotificationService(database, live.publish, requests);
  const delivery = openDelivery({ config, database, broker, log }, resources);

  const parts = { config, tokenAccess, database, broker, live, requests, notifications, delivery, log };
  const http = await openHttp(parts, resources);
  return {
    url: http.url,
    developmentToken: http.developmentToken,
    demo: http.demo,
    drain: () => http.server.drain(config.shutdownDelay),
    [Symbol.asyncDispose]: () => resources[Symbol.asyncDispose](),
  };
}

function warnAboutDevelopmentTokens(access: DevelopmentTokenAccess, { host }: Config, log: Log): void {
  if (access === "none") return;
  log.warn(
    { host, access },
    "development tokens enabled: anyone who opens the sandbox administers every inbox",
  );
}
