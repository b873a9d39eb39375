import type { FastifyInstance } from "fastify";
import type { GraphQLFormattedError, GraphQLSchema, ValidationRule } from "graphql";
import type { VerifyToken } from "../auth/token-verifier.js";
import type { Viewer } from "../auth/viewer.js";
import type { Log } from "../telemetry/log.js";
import type { ConnectionLimits } from "./connection-limits.js";
import type { HealthSources } from "./health.js";

/**
 * The HTTP layer: GraphQL over HTTP and over WebSocket at /graphql, health endpoints, metrics and pages. It knows nothing of
 * notifications: the schema, the context and the limits of operations are passed in, and apply to both transports alike.
 * Start reading at `createServer` (server.ts). The folders:
 *
 * - requests/    what happens to every HTTP request: checks, body, access log, errors
 * - operations/  GraphQL operations: Apollo Server for HTTP, validation for both transports
 * - websocket/   GraphQL over WebSocket: authentication, heartbeat, slow subscribers, rate limits
 * - buffering/   the memory that slow clients may occupy
 * - security/    response headers, CORS, origins of WebSockets, who receives a development token
 * - html/, demo/, sandbox/  pages
 */
export interface ServerOptions<TContext extends object> {
  /** Serve /graphql. Without it, a worker still serves its health endpoints. */
  readonly api: boolean;
  readonly schema: GraphQLSchema;
  /** Creates the context of one operation. It must not throw and must not query the database. */
  readonly createContext: (scope: OperationScope) => TContext;
  /** Checked after GraphQL's own rules: depth, aliases, cost. */
  readonly validationRules: readonly ValidationRule[];
  /** Parsing of a document stops after this number of lexical tokens. */
  readonly maxTokens: number;
  /** Converts any error into one that the client may see, and logs what it hides. `extensions.http` is removed afterwards. */
  readonly formatError: (error: unknown, log: Log) => GraphQLFormattedError;
  readonly verifyToken: VerifyToken;
  readonly health: HealthSources;
  /** Allowed browser origins in addition to our own. */
  readonly corsOrigins: readonly string[];
  /** Request headers that pages of these origins may send, in addition to those of cors-headers.ts. */
  readonly corsAllowedHeaders: readonly string[];
  /** Allow introspection, and suggest names in error messages ("Did you mean …?"). */
  readonly schemaVisible: boolean;
  /** More routes, e.g. the sandbox and the metrics. */
  readonly routes: readonly RegisterRoutes[];
  /** Replaces default limits, so that tests need not wait for them. */
  readonly limits?: Partial<ConnectionLimits>;
  readonly log: Log;
}

/** Adds routes to the server before it listens. A page sets its headers with `setPageHeaders`. */
export type RegisterRoutes = (server: FastifyInstance, counts: ServerCounts) => void | Promise<void>;

/** Current counts of the server that routes are added to. */
export interface ServerCounts {
  /** Open WebSockets. */
  readonly sockets: number;
}

/** The circumstances of one operation. */
export interface OperationScope {
  /** null: no token was sent, which is possible over HTTP only. */
  readonly viewer: Viewer | null;
  /** Identifies the operation in the log. Over HTTP it is the response's `x-request-id`. */
  readonly requestId: string;
  /** Adds the request id to each line. */
  readonly log: Log;
  /** The operation's WebSocket; null over HTTP. */
  readonly connection: Connection | null;
}

/** A WebSocket, as an operation sees it. */
export interface Connection {
  readonly id: string;
  /**
   * Closes the socket and ends all of its operations immediately. graphql-ws clients reconnect and resume after 1013 (too slow, or
   * a dependency is unavailable); see close-codes.ts.
   */
  close(code: number, reason: string): void;
}
