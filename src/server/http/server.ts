import type { IncomingMessage, ServerOptions as HttpOptions } from "node:http";
import type { AddressInfo } from "node:net";
import { randomUUID } from "node:crypto";
import { fastifyCors } from "@fastify/cors";
import { type FastifyBaseLogger, fastify, type FastifyInstance, LogController } from "fastify";
import { createGraphQLHandler } from "./operations/apollo-handler.js";
import { corsHeaders } from "./security/cors-headers.js";
import type { ServerCounts, ServerOptions } from "./server-options.js";
import { handleUndecodableUrl, maxBodyBytes, registerErrorHandlers } from "./requests/error-handlers.js";
import { registerHealth } from "./health.js";
import { registerJsonBodyParser } from "./requests/json-body.js";
import { explainListenError } from "./listen-address.js";
import { pause } from "../scheduling/pause.js";
import { defaultConnectionLimits, type ConnectionLimits } from "./connection-limits.js";
import { createOperationValidation } from "./operations/operation-validation.js";
import { registerAccessLog } from "./requests/access-log.js";
import { trackInFlightRequests } from "./requests/in-flight.js";
import { registerSecurityHeaders } from "./security/security-headers.js";
import { closeServer } from "./server-shutdown.js";
import { offersWebSocket } from "./websocket/upgrade-request.js";
import { BufferedBytes } from "./buffering/buffered-bytes.js";
import { registerRequestBuffering } from "./buffering/request-buffering.js";
import { attachWebSocketEndpoint, type WebSocketEndpoint } from "./websocket/websocket-endpoint.js";

/** The HTTP and WebSocket server. Disposing it calls `close`. */
export interface Server extends AsyncDisposable {
  /** Starts to accept connections. Port 0 means any free port. Rejects when the port is in use or not permitted. */
  listen(address: { readonly host: string; readonly port: number }): Promise<{ readonly url: string }>;
  /** The number of open WebSockets. */
  readonly sockets: number;
  /** The number of HTTP requests in flight. */
  readonly requests: number;
  /** Makes /health/ready answer 503, so that load balancers stop sending traffic, and waits `delay` ms. Requests are still served. */
  drain(delay: number): Promise<void>;
  /**
   * Shuts down within `deadline` ms (default 10,000), whatever the clients do: /health/ready answers 503, no new connection is
   * accepted, WebSockets are closed with 1012, requests in flight are completed. Further calls await the first.
   */
  close(deadline?: number): Promise<void>;
}

export async function createServer<TContext extends object>(
  options: ServerOptions<TContext>,
): Promise<Server> {
  const loggerInstance: FastifyBaseLogger = options.log;
  const limits = { ...defaultConnectionLimits, ...options.limits };
  const app: FastifyInstance = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "requestId" }),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    bodyLimit: maxBodyBytes,
    frameworkErrors: handleUndecodableUrl(options.log),
    requestTimeout: limits.requestTimeout,
    http: httpOptions(options.api, limits),
    // While the server closes, requests on open connections are answered with "connection: close".
    return503OnClosing: false,
  });
  registerJsonBodyParser(app);

  let closing: Promise<void> | null = null;
  let isDraining = false;
  const operations = createOperationValidation(options);
  const outgoing = new BufferedBytes(limits, limits);
  const inFlight = trackInFlightRequests(app);
  registerAccessLog(app, options.log);
  registerRequestBuffering(app, { incoming: new BufferedBytes(limits), outgoing }, options.log);
  await registerSecurityHeaders(app);
  await app.register(fastifyCors, {
    origin: [...options.corsOrigins],
    methods: ["GET", "POST"],
    allowedHeaders: [...corsHeaders, ...options.corsAllowedHeaders],
    exposedHeaders: ["x-request-id", "retry-after"],
    maxAge: 600,
  });
  registerErrorHandlers(app, options.log);
  const graphql = await createGraphQLHandler(options, operations);
  await app.register(async (api) => {
    registerHealth(api, options.health, () => isDraining || closing !== null, options.log);
    if (options.api) graphql.register(api);
  });
  const sockets: WebSocketEndpoint = options.api
    ? attachWebSocketEndpoint(app.server, options, operations, limits, outgoing)
    : noSockets;
  const counts: ServerCounts = {
    get sockets() {
      return sockets.count;
    },
  };
  for (const register of options.routes) await register(app, counts);
  await app.ready();

  async function drain(delay: number): Promise<void> {
    isDraining = true;
    await pause(delay);
  }

  async function close(deadline = 10_000): Promise<void> {
    closing ??= closeServer({ app, inFlight, sockets, graphql, log: options.log }, deadline);
    await closing;
    outgoing.stop();
  }

  return {
    async listen({ host, port }) {
      await app.listen({ host, port }).catch((error: unknown) => {
        throw explainListenError(error, { host, port });
      });
      return { url: urlOf(app.server.address()) };
    },
    get sockets() {
      return sockets.count;
    },
    get requests() {
      return inFlight.count;
    },
    drain,
    close,
    [Symbol.asyncDispose]: async () => close(),
  };
}

function httpOptions(api: boolean, { headersTimeout }: ConnectionLimits): HttpOptions {
  // By default, Node.js checks timeouts every 30 seconds only. A variable, because the types lack the callback.
  const options = {
    headersTimeout,
    connectionsCheckingInterval: 1000,
    shouldUpgradeCallback: (request: IncomingMessage) => api && offersWebSocket(request),
  };
  return options;
}

/** Without the API, an upgrade request is answered like any request for an unknown path. */
const noSockets: WebSocketEndpoint = { count: 0, close: async () => undefined };

function urlOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === "string") throw new TypeError("The server has no port");
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}
