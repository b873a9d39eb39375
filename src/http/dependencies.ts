import type { FastifyInstance } from "fastify";
import type { GraphQLFormattedError, GraphQLSchema, ValidationRule } from "graphql";
import type { VerifyToken } from "../auth/token.js";
import type { Viewer } from "../auth/viewer.js";
import type { Log } from "../telemetry/log.js";
import type { HealthSources } from "./health.js";

/**
 * The edge of the service: GraphQL over HTTP and over WebSocket at /graphql, and the health endpoints. It knows who asks
 * and in which form, and nothing of notifications: the schema, the context and the limits are given to it, and apply
 * to both transports alike. `app.ts` calls `createServer` (server.ts), which reads as a table of contents.
 */
export interface ServerDependencies<TContext extends object> {
  /** Serve /graphql; without, a worker still answers its health. */
  readonly api: boolean;
  readonly schema: GraphQLSchema;
  /** Makes the context of one operation. It must not throw, and not ask anything of a database. */
  readonly makeContext: (scope: OperationScope) => TContext;
  /** Checked after GraphQL's own rules: depth, aliases, cost. */
  readonly validationRules: readonly ValidationRule[];
  /** A document with more lexical tokens is not parsed to its end. */
  readonly maxTokens: number;
  /** Turns whatever was thrown into what the client may see, and logs the rest. `extensions.http` is taken off afterwards. */
  readonly formatError: (error: unknown, log: Log) => GraphQLFormattedError;
  readonly verifyToken: VerifyToken;
  readonly health: HealthSources;
  /** Browser origins other than our own. */
  readonly corsOrigins: readonly string[];
  /** Answer introspection, and suggest names in error messages ("Did you mean …?"). */
  readonly schemaVisible: boolean;
  /** Further routes, e.g. the sandbox or the metrics. */
  readonly routes: readonly RegisterRoutes[];
  readonly log: Log;
}

/** Adds routes to the server before it listens; a page sets its own content-security-policy. */
export type RegisterRoutes = (server: FastifyInstance) => void | Promise<void>;

/** In what an operation runs. */
export interface OperationScope {
  /** null: no token was sent, which only HTTP allows. */
  readonly viewer: Viewer | null;
  /** Names the operation in the log; over HTTP it is the response's `x-request-id`. */
  readonly requestId: string;
  /** Bears the request id. */
  readonly log: Log;
  /** The WebSocket that the operation came over; null over HTTP. */
  readonly connection: Connection | null;
}

/** A WebSocket, as an operation may see it. */
export interface Connection {
  readonly id: string;
  /**
   * Closes the socket and ends all of its operations at once. A client of graphql-ws comes back after 1013 (too slow, or
   * something is out of reach) and resumes; see close-codes.ts.
   */
  close(code: number, reason: string): void;
}
