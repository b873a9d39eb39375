import { makeExecutableSchema } from "@graphql-tools/schema";
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema, type ValidationRule } from "graphql";
import { pino } from "pino";
import { signToken } from "../../src/server/auth/development-secret.js";
import { createTokenVerifier, type VerifyToken } from "../../src/server/auth/token-verifier.js";
import type { BrokerHealth } from "../../src/server/broker/broker.js";
import type { OperationScope, ServerOptions } from "../../src/server/http/server-options.js";
import { createServer, type Server } from "../../src/server/http/server.js";
import type { Log } from "../../src/server/telemetry/log.js";
import { Signal } from "./signal.js";

const jwtSecret = "a secret for the tests of the edge, long enough";
const config = { jwtSecret, jwksUrl: null, issuer: null, audience: null };

/** A server of the edge alone, with a small schema of its own, listening on a free port. */
export interface Edge extends AsyncDisposable {
  readonly server: Server;
  readonly url: string;
  readonly graphqlUrl: string;
  readonly socketUrl: string;
  readonly health: AdjustableHealth;
  /** What the resolvers met. */
  readonly met: Met;
  /** Every line that was logged. */
  readonly logged: string[];
}

export interface AdjustableHealth {
  started: boolean;
  broker: BrokerHealth;
  ping: () => Promise<void>;
}

/** Where resolvers of the test's schema report, and wait for permission to continue. */
export interface Met {
  readonly slowBegan: Signal;
  readonly slowMayEnd: Signal;
  /** Each subscription to `ticks` that began, and each that ended. */
  readonly ticksBegan: Signal;
  readonly ticksEnded: Signal;
}

export const healthyBroker: BrokerHealth = {
  kind: "rabbitmq",
  healthy: true,
  exhausted: false,
  publishing: "connected",
  consuming: "connected",
  unconfirmed: 0,
  lastError: null,
};

export function tokenFor(userId: string, expiresInSeconds = 3600): Promise<string> {
  return signToken(jwtSecret, { userId, scopes: [], expiresInSeconds }, config);
}

interface Context {
  readonly scope: OperationScope;
  readonly met: Met;
}

export async function openEdge(overrides: Partial<ServerOptions<Context>> = {}): Promise<Edge> {
  const logged: string[] = [];
  const log: Log = pino({ level: "debug" }, { write: (line: string) => void logged.push(line) });
  const health: AdjustableHealth = { started: true, broker: healthyBroker, ping: () => Promise.resolve() };
  const met: Met = {
    slowBegan: new Signal(),
    slowMayEnd: new Signal(),
    ticksBegan: new Signal(),
    ticksEnded: new Signal(),
  };
  const server = await createServer<Context>({
    schema: makeTestSchema(),
    createContext: (scope) => ({ scope, met }),
    validationRules: [noForbiddenField],
    maxTokens: 400,
    formatError: maskError,
    verifyToken: defaultVerifier(log),
    health: {
      started: () => health.started,
      broker: () => health.broker,
      database: { kind: "postgres", ping: () => health.ping() },
    },
    corsOrigins: ["https://app.example"],
    corsAllowedHeaders: ["x-tenant"],
    api: true,
    schemaVisible: true,
    routes: [],
    log,
    ...overrides,
  });
  const { url } = await server.listen({ host: "127.0.0.1", port: 0 });
  const graphqlUrl = `${url}/graphql`;
  const socketUrl = graphqlUrl.replace("http:", "ws:");
  const dispose = async () => server.close(1000);
  return { server, url, graphqlUrl, socketUrl, health, met, logged, [Symbol.asyncDispose]: dispose };
}

function defaultVerifier(log: Log): VerifyToken {
  return createTokenVerifier(config, log);
}

/** Shows errors that were meant for the client, and nothing of others. */
function maskError(error: unknown, log: Log): GraphQLFormattedError {
  if (error instanceof GraphQLError && error.originalError === undefined) return error.toJSON();
  log.error({ err: error }, "operation failed");
  return { message: "Internal server error", extensions: { code: "INTERNAL_SERVER_ERROR" } };
}

/** Stands for the limits of the real schema. */
const noForbiddenField: ValidationRule = (context) => ({
  Field(node) {
    if (node.name.value === "forbidden") context.reportError(new GraphQLError("forbidden is forbidden"));
  },
});

const typeDefs = `
  enum Priority { LOW HIGH }
  input Point { x: Int! y: Int }
  type Query {
    hello: String!
    me: String
    forbidden: Boolean
    echo(priority: Priority): String
    "Throws something that no client may see"
    secret: String
    "Throws something that is meant for the client"
    refused: String
    "Answers once the test lets it"
    slow: String
    big(kilobytes: Int!): String!
    points(list: [Point!]): Int
  }
  type Mutation { touch: String! }
  type Subscription {
    "1, 2, 3, … up to \`count\`, then nothing more"
    ticks(count: Int = 1): Int!
    "Throws what no client may see once it has given one item"
    secretAfterOne: Int!
    "Throws what no client may see instead of beginning"
    secretAtOnce: Int!
    "Resolves each item to an error that no client may see"
    secretInItem: Int!
    "Is no stream at all"
    noStream: Int!
    "Closes the connection with 1013"
    tooSlow: Int!
  }
`;

const hunter2 = () => new Error("hunter2 is the password of the database");

function makeTestSchema(): GraphQLSchema {
  return makeExecutableSchema<Context>({
    typeDefs,
    resolvers: {
      Query: {
        hello: () => "world",
        me: (_root, _args, { scope }) => scope.viewer?.userId ?? null,
        echo: (_root, { priority }: { priority?: string }) => priority,
        secret: () => {
          throw hunter2();
        },
        refused: () => {
          throw new GraphQLError("You may not", { extensions: { code: "FORBIDDEN" } });
        },
        slow: async (_root, _args, { met }) => {
          met.slowBegan.raise();
          await met.slowMayEnd.raised(1);
          return "done";
        },
        big: (_root, { kilobytes }: { kilobytes: number }) => "x".repeat(kilobytes * 1024),
      },
      Mutation: { touch: () => "touched" },
      Subscription: {
        ticks: {
          subscribe: (_root, { count }: { count: number }, { met }) => {
            met.ticksBegan.raise();
            return stream("ticks", count, () => new Promise(() => {}), met.ticksEnded);
          },
        },
        secretAfterOne: {
          subscribe: () => stream("secretAfterOne", 1, () => Promise.reject(hunter2())),
        },
        secretAtOnce: {
          subscribe: () => {
            throw hunter2();
          },
        },
        secretInItem: {
          subscribe: () => stream("secretInItem", 1, () => Promise.resolve({ done: true, value: undefined })),
          resolve: () => {
            throw hunter2();
          },
        },
        noStream: { subscribe: () => "hunter2" },
        tooSlow: {
          subscribe: (_root, _args, { scope }) => {
            scope.connection?.close(1013, "Too slow");
            return stream("tooSlow", 1, () => new Promise(() => {}));
          },
        },
      },
    },
  });
}

/** Gives 1, 2, … `count`, and then the result of `after`. */
function stream(
  field: string,
  count: number,
  after: () => Promise<IteratorResult<unknown>>,
  ended?: Signal,
): AsyncIterableIterator<unknown> {
  let given = 0;
  return {
    next: () => {
      if (given === count) return after();
      given += 1;
      return Promise.resolve({ done: false, value: { [field]: given } });
    },
    return: () => {
      ended?.raise();
      return Promise.resolve({ done: true, value: undefined });
    },
    throw: async (error: Error) => {
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
