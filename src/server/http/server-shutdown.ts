import type { FastifyInstance } from "fastify";
import type { Log } from "../telemetry/log.js";
import type { GraphQLHandler } from "./operations/apollo-handler.js";
import type { InFlightRequests } from "./requests/in-flight.js";
import type { WebSocketEndpoint } from "./websocket/websocket-endpoint.js";
import { settlesWithin } from "../scheduling/timeout.js";

export interface ServerParts {
  readonly app: FastifyInstance;
  readonly inFlight: InFlightRequests;
  readonly sockets: WebSocketEndpoint;
  readonly graphql: GraphQLHandler;
  readonly log: Log;
}

/** Milliseconds that WebSocket clients have to answer the close frame. */
const socketTimeout = 2000;

/**
 * Closes the parts of a server within `deadline` milliseconds. /health/ready already answers 503 at this point.
 * WebSockets are closed before Apollo Server is stopped, which would wait for them. Idle connections are closed when the
 * last request has been answered: keep-alive would keep them open for a minute.
 */
export async function closeServer(
  { app, inFlight, sockets, graphql, log }: ServerParts,
  deadline: number,
): Promise<void> {
  const appClosed = app.close();
  await Promise.all([
    sockets.close(Math.min(socketTimeout, deadline)),
    settlesWithin(deadline, inFlight.idle()).then((finished) => {
      if (!finished) log.warn({ requests: inFlight.count }, "shutdown deadline reached: requests aborted");
    }),
  ]);
  app.server.closeAllConnections();
  await appClosed;
  await graphql.stop();
}
