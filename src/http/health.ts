import type { FastifyInstance, FastifyReply } from "fastify";
import type { BrokerHealth } from "../broker/broker.js";

type Status = "ok" | "degraded" | "unavailable";

/** What the health endpoints look at. */
export interface HealthSources {
  /** All parts have started. */
  readonly started: () => boolean;
  readonly broker: () => BrokerHealth;
  readonly database: DatabaseProbe;
}

export interface DatabaseProbe {
  readonly kind: "postgres" | "pglite";
  /** One round trip; rejects, or hangs, when the database is out of reach. */
  readonly ping: () => Promise<void>;
}

/** What GET /health/database answers. */
export interface DatabaseHealth {
  readonly status: "ok" | "unavailable";
  readonly kind: DatabaseProbe["kind"];
  /** Milliseconds of one round trip; null when there was no answer in time. */
  readonly latency: number | null;
}

/** A database that has not answered by then (ms) counts as unreachable: every endpoint answers within two seconds. */
const pingTimeout = 1500;

/**
 * Adds the health endpoints; none asks for a token, and none tells a secret.
 * - /health/live: 503 means that only a restart helps.
 * - /health/ready: 503 means to send no traffic here. Without the broker the service only degrades, since mutations go on.
 * - /health/rabbitmq, /health/database: 503 means that this part does not work.
 */
export function registerHealth(
  server: FastifyInstance,
  sources: HealthSources,
  isStopping: () => boolean,
): void {
  const checkDatabase = databaseCheck(sources.database);

  server.get("/health/live", (_request, reply) =>
    answer(reply, sources.broker().exhausted ? { status: "unavailable" } : { status: "ok" }),
  );

  server.get("/health/ready", async (_request, reply) => {
    const database = await checkDatabase();
    const broker = sources.broker().healthy ? "ok" : "degraded";
    const accepting = sources.started() && !isStopping();
    const status = accepting && database.status === "ok" ? broker : "unavailable";
    const body = { status, accepting, database: database.status, broker } as const;
    return answer(reply, body);
  });

  server.get("/health/rabbitmq", (_request, reply) => {
    const health = sources.broker();
    const body = { status: health.healthy ? "ok" : "unavailable", ...health } as const;
    return answer(reply, body);
  });

  server.get("/health/database", async (_request, reply) => answer(reply, await checkDatabase()));
}

function answer(reply: FastifyReply, body: { readonly status: Status }): FastifyReply {
  return reply.code(body.status === "unavailable" ? 503 : 200).send(body);
}

/** One ping at a time, shared by all who ask meanwhile, so that probes do not pile up on a database that hangs. */
function databaseCheck({ kind, ping }: DatabaseProbe): () => Promise<DatabaseHealth> {
  let running: Promise<DatabaseHealth> | null = null;

  async function check(): Promise<DatabaseHealth> {
    const begin = performance.now();
    const answered = await withinTimeout(ping);
    const latency = Math.round((performance.now() - begin) * 10) / 10;
    return answered ? { status: "ok", kind, latency } : { status: "unavailable", kind, latency: null };
  }

  return async () => {
    running ??= check().finally(() => {
      running = null;
    });
    return running;
  };
}

async function withinTimeout(ping: () => Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), pingTimeout);
  });
  const answered = Promise.resolve()
    .then(ping)
    .then(
      () => true,
      () => false,
    );
  return Promise.race([answered, tooLate]).finally(() => clearTimeout(timer));
}
