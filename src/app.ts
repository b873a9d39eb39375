import { sql } from "drizzle-orm";
import { z } from "zod";
import { developmentSecret, signToken, type TokenClaims } from "./auth/development-secret.js";
import { createVerifier } from "./auth/token.js";
import { adminScope, sendScope } from "./auth/viewer.js";
import type { Broker } from "./broker/broker.js";
import { InProcessBroker } from "./broker/in-process/in-process-broker.js";
import { RabbitMqBroker } from "./broker/rabbitmq/rabbitmq-broker.js";
import { Closing } from "./closing.js";
import type { Config } from "./config.js";
import type { Database } from "./database/database.js";
import { ensureEpoch } from "./database/epoch.js";
import { openPglite } from "./database/pglite.js";
import { openPostgresql } from "./database/postgresql.js";
import { DeadLetterOffice } from "./delivery/dead-letters/office.js";
import { Worker } from "./delivery/worker.js";
import { WebhookSender } from "./delivery/webhooks/sender.js";
import { WebhookService } from "./delivery/webhooks/service.js";
import { trimWebhookAttempts } from "./delivery/webhooks/sweeper.js";
import type { Context } from "./graphql/context.js";
import { formatError } from "./graphql/errors.js";
import { maxTokens, validationRules } from "./graphql/limits.js";
import { makeSchema } from "./graphql/schema.js";
import { closeCodes } from "./http/close-codes.js";
import type { RegisterRoutes } from "./http/dependencies.js";
import { registerDemo } from "./http/demo/demo.js";
import { type MetricSources, registerMetrics } from "./http/metrics.js";
import { registerSandbox } from "./http/sandbox/sandbox.js";
import { createServer, type Server } from "./http/server.js";
import { Feed } from "./live/feed.js";
import { compareHeads } from "./live/heads.js";
import { Hub } from "./live/hub.js";
import { LogReader } from "./live/log-reader.js";
import { Relay } from "./live/relay.js";
import { sweepExpired, sweepIdempotencyKeys, trimEventLog } from "./live/sweeper.js";
import { NotificationService } from "./notifications/service.js";
import type { Log } from "./telemetry/log.js";
import { readVersion } from "./version.js";

/** A running instance. Disposing it ends it in order, within a bound. */
export interface App extends AsyncDisposable {
  /** Where it listens, e.g. http://127.0.0.1:4000 */
  readonly url: string;
  /** A token for a first session; null where tokens come from elsewhere. */
  readonly developmentToken: string | null;
  /** Is the demo served, at `url`? */
  readonly demo: boolean;
}

/** Milliseconds between two comparisons of heads. */
const headIntervals = { calm: 15_000, outage: 1000 };

const developmentTokenDays = 30;
const demoTokenSeconds = 5 * 60;

/**
 * Makes every part, in the order in which they depend on one another, and starts it. What was opened is closed when a later
 * part cannot be.
 * @param wrapBroker puts something between this instance and its broker
 * @throws DatabaseUnavailableError, BrokerTopologyError, or the system's error when the port is taken
 */
export async function startApp(
  config: Config,
  log: Log,
  wrapBroker: (broker: Broker) => Broker = (broker) => broker,
): Promise<App> {
  const closing = new Closing();
  try {
    const database = closing.use(await openDatabase(config, log));
    if (await ensureEpoch(database)) log.info("the event log begins a new epoch");

    const broker = closing.use(wrapBroker(makeBroker(config, log)));
    const relay = new Relay(database, broker, log);
    const notifications = new NotificationService(database, (events) => relay.publish(events));

    const userAgent = `Carillon/${readVersion()}`;
    const sender = closing.use(new WebhookSender({ ...config.webhooks, userAgent }));
    const webhooks = new WebhookService(database, sender);

    const hub = new Hub(broker, log, () => {
      heads.wake();
      relay.wake();
    });
    const isFlowing = (): boolean => broker.health().healthy;
    const heads = compareHeads({ database, hub, isFlowing, intervals: headIntervals, log });
    closing.defer(() => heads.stop());
    broker.listen(hub);
    await broker.start();

    relay.start();
    closing.defer(() => relay.stop());
    const sweepers = [
      sweepExpired(database, (events) => relay.publish(events), log),
      sweepIdempotencyKeys(database, log),
      trimEventLog(database, config.eventRetention, log),
      trimWebhookAttempts(database, config.webhooks.attemptRetention, log),
    ];
    closing.defer(async () => void (await Promise.all(sweepers.map((sweeper) => sweeper.stop()))));

    const deadLetters = new DeadLetterOffice(database, broker, config.deadLetterRetention, log);
    if (config.roles.has("worker")) {
      const { concurrency } = config.webhooks;
      const worker = new Worker({ database, broker, sender, office: deadLetters, concurrency, log });
      worker.start();
      closing.defer(() => worker.stop());
    }

    const secret = await secretOf(config);
    const makeToken = secret === null ? null : () => developmentTokenFor(config, secret);
    const logReader = new LogReader(database);
    const metrics: MetricSources = {
      published: () => relay.counts.published,
      relayed: () => relay.counts.relayed,
      caughtUp: () => hub.counts.caughtUp,
      repeatsDropped: () => hub.counts.repeats,
      unreadable: () => hub.counts.unreadable,
      unconfirmed: () => broker.health().unconfirmed,
      sockets: () => server.sockets,
      subscriptions: () => hub.subscriptions,
    };
    const kind = config.roles.has("api") ? config.sandbox : "off";
    const pages: RegisterRoutes[] = [];
    if (kind !== "off") {
      const options = { kind, path: "/graphql", developmentToken: makeToken };
      pages.push((app) => registerSandbox(app, options));
    }
    const hasDemo = kind !== "off" && !config.production && secret !== null;
    if (hasDemo) {
      const sign = (claims: TokenClaims): Promise<string> => signToken(secret, claims, config.auth);
      pages.push((app) => registerDemo(app, { signToken: sign, expiresInSeconds: demoTokenSeconds }));
    }
    const server: Server = closing.use(
      await createServer<Context>({
        api: config.roles.has("api"),
        schema: makeSchema(),
        makeContext: ({ viewer, connection }) => ({
          viewer,
          notifications,
          deadLetters,
          webhooks,
          openFeed: (userId, start) =>
            Feed.open({
              userId,
              start,
              hub,
              log: logReader,
              limits: config.live,
              onStalled: () =>
                connection?.close(closeCodes.tryAgainLater, "Too slow: come back and go on from the cursor"),
            }),
        }),
        validationRules,
        maxTokens,
        formatError,
        verifyToken: createVerifier({ ...config.auth, jwtSecret: secret ?? config.auth.jwtSecret }, log),
        health: {
          started: () => true,
          broker: () => broker.health(),
          database: { kind: database.kind, ping: () => ping(database) },
        },
        corsOrigins: config.corsOrigins,
        schemaVisible: config.sandbox !== "off",
        routes: [(app) => registerMetrics(app, metrics), ...pages],
        log,
      }),
    );
    const { url } = await server.listen(config);
    return {
      url,
      developmentToken: (await makeToken?.()) ?? null,
      demo: hasDemo,
      [Symbol.asyncDispose]: () => closing[Symbol.asyncDispose](),
    };
  } catch (error) {
    await closing[Symbol.asyncDispose]();
    throw error;
  }
}

/** Connects to the database of the configuration, and migrates it. */
export async function openDatabase(config: Config, log: Log): Promise<Database> {
  return config.databaseUrl === null
    ? await openPglite(config.dataDirectory, log)
    : await openPostgresql(config.databaseUrl, config.databasePoolSize, log);
}

function makeBroker(config: Config, log: Log): Broker {
  return config.rabbitmq === null ? new InProcessBroker(log) : new RabbitMqBroker(config.rabbitmq, log);
}

async function ping(database: Database): Promise<void> {
  await database.one(sql`select to_json(1) as result`, z.literal(1));
}

/** The development secret; null where the configuration says how tokens are checked. */
async function secretOf({ auth, dataDirectory }: Config): Promise<string | null> {
  return auth.jwtSecret === null && auth.jwksUrl === null ? await developmentSecret(dataDirectory) : null;
}

async function developmentTokenFor(config: Config, secret: string): Promise<string> {
  const claims = {
    userId: "alice",
    scopes: [sendScope, adminScope],
    expiresInSeconds: developmentTokenDays * 24 * 60 * 60,
  };
  return await signToken(secret, claims, config.auth);
}
