import type { FastifyInstance } from "fastify";

/** The requests that have no complete response yet. */
export interface InFlightRequests {
  readonly count: number;
  /** Resolves when the count is zero. */
  idle(): Promise<void>;
}

/** Counts the requests in flight, so that a shutdown can wait for them. */
export function trackInFlightRequests(server: FastifyInstance): InFlightRequests {
  let count = 0;
  let waiting: (() => void)[] = [];

  server.addHook("onRequest", async (_request, reply) => {
    count += 1;
    reply.raw.once("close", finish);
  });

  /** "close" occurs once for each response, whether it was sent or its client disconnected. */
  function finish(): void {
    count -= 1;
    if (count > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  }

  return {
    get count() {
      return count;
    },
    async idle() {
      if (count === 0) return;
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
    },
  };
}
