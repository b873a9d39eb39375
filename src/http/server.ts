import type { AddressInfo } from "node:net";
import { randomUUID } from "node:crypto";
import { fastifyCors } from "@fastify/cors";
import { type FastifyBaseLogger, fastify, type FastifyInstance, LogController } from "fastify";
import { createHttpGraphQL } from "./apollo.js";
import type { ServerDependencies } from "./dependencies.js";
import { maxBodyBytes, registerFailures } from "./failures.js";
import { registerHealth } from "./health.js";
import { createOperations } from "./operations.js";
import { registerAccessLog } from "./access-log.js";
import { addDataHeaders, addSecurityHeaders } from "./security-headers.js";
import { closeServer } from "./shutdown.js";
import { attachSockets, type Sockets } from "./websocket.js";

/** The HTTP and WebSocket server. `close` is called once all traffic is to end; disposing does the same. */
export interface Server extends AsyncDisposable {
  /** Accepts connections. Port 0 means any free one. Rejects when the port is taken or forbidden. */
  listen(address: { readonly host: string; readonly port: number }): Promise<{ readonly url: string }>;
  /** How many WebSockets are open. */
  readonly sockets: number;
  /** How many HTTP requests are being answered. */
  readonly requests: number;
  /**
   * Ends in order, and within `deadline` ms (10,000 unless given) whatever the clients do: /health/ready answers 503, no
   * connection is accepted, sockets are closed with 1012, running requests are waited for. Further calls await the first.
   */
  close(deadline?: number): Promise<void>;
}

export async function createServer<TContext extends object>(
  deps: ServerDependencies<TContext>,
): Promise<Server> {
  const loggerInstance: FastifyBaseLogger = deps.log;
  const app: FastifyInstance = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "requestId" }),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    bodyLimit: maxBodyBytes,
    requestTimeout: 30_000,
    http: { headersTimeout: 10_000 },
    // While the server closes, requests on connections that are still open are answered, and told to be the last.
    return503OnClosing: false,
  });
  app.removeContentTypeParser("text/plain");

  let closing: Promise<void> | null = null;
  const operations = createOperations(deps);
  const traffic = registerAccessLog(app, deps.log);
  addSecurityHeaders(app);
  await app.register(fastifyCors, {
    origin: [...deps.corsOrigins],
    methods: ["GET", "POST"],
    allowedHeaders: ["content-type", "authorization", "apollo-require-preflight", "x-apollo-operation-name"],
    exposedHeaders: ["x-request-id", "retry-after"],
    maxAge: 600,
  });
  registerFailures(app, deps.log);
  for (const register of deps.routes) await register(app);
  const graphql = await createHttpGraphQL(deps, operations);
  await app.register(async (api) => {
    addDataHeaders(api);
    registerHealth(api, deps.health, () => closing !== null);
    if (deps.api) graphql.register(api);
  });
  const sockets: Sockets = deps.api ? attachSockets(app.server, deps, operations) : noSockets;
  await app.ready();

  async function close(deadline = 10_000): Promise<void> {
    closing ??= closeServer({ app, traffic, sockets, graphql, log: deps.log }, deadline);
    await closing;
  }

  return {
    async listen({ host, port }) {
      await app.listen({ host, port });
      return { url: urlOf(app.server.address()) };
    },
    get sockets() {
      return sockets.count;
    },
    get requests() {
      return traffic.running;
    },
    close,
    [Symbol.asyncDispose]: async () => close(),
  };
}

/** Where there is no API, an upgrade is answered like any other request for what is not there. */
const noSockets: Sockets = { count: 0, close: async () => undefined };

function urlOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === "string") throw new TypeError("The server has no port");
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}
