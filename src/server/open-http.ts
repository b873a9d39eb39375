import { readOrCreateDevelopmentSecret, signToken, type TokenClaims } from "./auth/development-secret.js";
import type { DevelopmentTokenAccess } from "./auth/development-token-policy.js";
import { warnIfNoKeys } from "./auth/jwks-check.js";
import { createTokenVerifier } from "./auth/token-verifier.js";
import { adminScope, sendScope } from "./auth/viewer.js";
import type { Broker } from "./broker/broker.js";
import type { Config } from "./config/config.js";
import type { Database } from "./database/database.js";
import { readEpoch } from "./database/epoch.js";
import type { Delivery } from "./delivery/open-delivery.js";
import type { Context } from "./graphql/context.js";
import { formatError } from "./graphql/error-format.js";
import { maxTokens, validationRules } from "./graphql/query-limits.js";
import { createSchema } from "./graphql/schema.js";
import { registerDemo } from "./http/demo/demo.js";
import { type MetricSources, registerMetrics } from "./http/metrics.js";
import { registerSandbox } from "./http/sandbox/sandbox.js";
import type { OperationScope, RegisterRoutes } from "./http/server-options.js";
import { createServer, type Server } from "./http/server.js";
import { closeCodes } from "./http/websocket/close-codes.js";
import type { Live } from "./live/live.js";
import type { RequestQueue } from "./notifications/request-queue.js";
import type { NotificationService } from "./notifications/service.js";
import type { ResourceStack } from "./scheduling/resource-stack.js";
import type { Log } from "./telemetry/log.js";

/** The parts that the edge of the service serves. */
export interface HttpOptions {
  readonly config: Config;
  readonly tokenAccess: DevelopmentTokenAccess;
  readonly database: Database;
  readonly broker: Pick<Broker, "health">;
  readonly live: Live;
  readonly requests: RequestQueue;
  readonly notifications: NotificationService;
  readonly delivery: Delivery;
  readonly log: Log;
}

/** The listening edge of the service. */
export interface Http {
  readonly url: string;
  readonly server: Server;
  /** null where tokens come from elsewhere. */
  readonly developmentToken: string | null;
  readonly demo: boolean;
}

const developmentTokenDays = 30;
const demoTokenSeconds = 5 * 60;

/** Connects HTTP and WebSocket with the GraphQL API and the pages, and listens. */
export async function openHttp(options: HttpOptions, resources: ResourceStack): Promise<Http> {
  const { config, database, broker, log } = options;
  const secret = await resolveDevelopmentSecret(config);
  const pages = definePages(options, secret);
  const { jwksUrl } = config.auth;
  const server = resources.use(
    await createServer<Context>({
      api: config.roles.has("api"),
      schema: createSchema(),
      createContext: (scope) => createContext(options, scope),
      validationRules,
      maxTokens,
      formatError,
      verifyToken: createTokenVerifier({ ...config.auth, jwtSecret: secret ?? config.auth.jwtSecret }, log),
      health: {
        started: () => true,
        broker: () => broker.health(),
        database: { kind: database.kind, ping: async () => void (await readEpoch(database)) },
      },
      corsOrigins: config.corsOrigins,
      corsAllowedHeaders: config.corsAllowedHeaders,
      schemaVisible: config.sandbox !== "off",
      routes: [
        (app, counts) => registerMetrics(app, { ...metricSources(options), sockets: () => counts.sockets }),
        ...pages.routes,
      ],
      log,
    }),
  );
  const { url } = await server.listen(config);
  if (jwksUrl !== null) void warnIfNoKeys(jwksUrl, log);
  return { url, server, developmentToken: (await pages.createToken?.()) ?? null, demo: pages.demo };
}

function createContext(
  { notifications, delivery, live }: HttpOptions,
  { viewer, connection }: OperationScope,
): Context {
  const onStalled = (): void =>
    connection?.close(closeCodes.tryAgainLater, "Too slow: reconnect and resume from the last cursor");
  return {
    viewer,
    notifications,
    deadLetters: delivery.deadLetters,
    webhooks: delivery.webhooks,
    openFeed: (userId, start) => live.openFeed(userId, start, onStalled),
  };
}

function metricSources({ live, broker, requests }: HttpOptions): Omit<MetricSources, "sockets"> {
  const { relay, hub } = live;
  return {
    published: () => relay.counts.published,
    relayed: () => relay.counts.relayed,
    caughtUp: () => hub.counts.caughtUp,
    repeatsDropped: () => hub.counts.repeats,
    malformed: () => hub.counts.malformed,
    unconfirmed: () => broker.health().unconfirmed,
    waiting: () => requests.waiting,
    subscriptions: () => hub.subscriptions,
  };
}

interface Pages {
  readonly routes: readonly RegisterRoutes[];
  readonly demo: boolean;
  /** Creates a development token; null where tokens come from elsewhere. */
  readonly createToken: (() => Promise<string>) | null;
}

/** The sandbox and the demo, as far as they are enabled. */
function definePages({ config, tokenAccess }: HttpOptions, secret: string | null): Pages {
  const loopbackOnly = tokenAccess === "this-machine";
  const signingSecret = tokenAccess === "none" ? null : secret;
  const createToken = signingSecret === null ? null : () => signDevelopmentToken(config, signingSecret);
  const { sandbox: kind } = config;
  if (kind === "off" || !config.roles.has("api")) return { routes: [], demo: false, createToken };

  const sandbox = { kind, path: "/graphql", developmentToken: createToken, loopbackOnly };
  const sandboxRoutes: RegisterRoutes = (app) => registerSandbox(app, sandbox);
  if (signingSecret === null) return { routes: [sandboxRoutes], demo: false, createToken };

  const sign = (claims: TokenClaims): Promise<string> => signToken(signingSecret, claims, config.auth);
  const demo = { signToken: sign, expiresInSeconds: demoTokenSeconds, loopbackOnly };
  return { routes: [sandboxRoutes, (app) => registerDemo(app, demo)], demo: true, createToken };
}

/** The development secret; null where the configuration says how tokens are checked. */
async function resolveDevelopmentSecret({ auth, dataDirectory }: Config): Promise<string | null> {
  return auth.jwtSecret === null && auth.jwksUrl === null
    ? await readOrCreateDevelopmentSecret(dataDirectory)
    : null;
}

/** A token of a user who may send and administer. */
async function signDevelopmentToken(config: Config, secret: string): Promise<string> {
  const claims = {
    userId: "alice",
    scopes: [sendScope, adminScope],
    expiresInSeconds: developmentTokenDays * 24 * 60 * 60,
  };
  return await signToken(secret, claims, config.auth);
}
