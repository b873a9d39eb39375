import type { FastifyInstance } from "fastify";
import type { Log } from "../telemetry/log.js";
import type { Traffic } from "./access-log.js";
import type { HttpGraphQL } from "./apollo.js";
import type { Sockets } from "./websocket.js";

export interface ServerParts {
  readonly app: FastifyInstance;
  readonly traffic: Traffic;
  readonly sockets: Sockets;
  readonly graphql: HttpGraphQL;
  readonly log: Log;
}

/** How long (ms) the peers of the WebSockets may take to answer the close frame. */
const socketTimeout = 2000;

/**
 * Closes the parts of a server within `deadline` ms. Readiness is off already, since that is what closing is told by.
 * Sockets end before Apollo Server does, which would wait for them; connections without a request are cut as soon as
 * the last request is answered, since keep-alive would hold them for a minute.
 */
export async function closeServer(
  { app, traffic, sockets, graphql, log }: ServerParts,
  deadline: number,
): Promise<void> {
  const appClosed = app.close();
  await Promise.all([
    sockets.close(Math.min(socketTimeout, deadline)),
    withinDeadline(traffic.idle(), deadline).then((finished) => {
      if (!finished) log.warn({ requests: traffic.running }, "requests were cut off: they took too long");
    }),
  ]);
  app.server.closeAllConnections();
  await appClosed;
  await graphql.stop();
}

async function withinDeadline(work: Promise<void>, deadline: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), deadline);
  });
  return Promise.race([work.then(() => true), tooLate]).finally(() => clearTimeout(timer));
}
