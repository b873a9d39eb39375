import type { FastifyInstance, FastifyReply } from "fastify";
import type { BrokerHealth } from "../broker/broker.js";
import type { Log } from "../telemetry/log.js";
import { settlesWithin } from "../scheduling/timeout.js";

type Status = "ok" | "degraded" | "unavailable";

/** The state that the health endpoints report. */
export interface HealthSources {
  /** Whether all parts have started. */
  readonly started: () => boolean;
  readonly broker: () => BrokerHealth;
  readonly database: DatabaseProbe;
}

export interface DatabaseProbe {
  readonly kind: "postgres" | "pglite";
  /** One round trip; rejects or hangs when the database is unreachable. */
  readonly ping: () => Promise<void>;
}

/** The response of GET /health/database. */
export interface DatabaseHealth {
  readonly status: "ok" | "unavailable";
  readonly kind: DatabaseProbe["kind"];
  /** Duration of one round trip in milliseconds; null when the database did not respond in time. */
  readonly latency: number | null;
}

/** Milliseconds until a database counts as unreachable. Every health endpoint responds within two seconds. */
const pingTimeout = 1500;

/**
 * Adds the health endpoints. They require no token, so they report states only; each change of state is logged with its cause.
 * - /health/live: 503 means that the process must be restarted.
 * - /health/ready: 503 means that the instance should receive no traffic. Without the broker the status is only "degraded",
 *   because mutations still succeed.
 * - /health/rabbitmq, /health/database: 503 means that this dependency is unavailable.
 */
export function registerHealth(
  server: FastifyInstance,
  sources: HealthSources,
  isStopping: () => boolean,
  log: Log,
): void {
  const checkDatabase = databaseCheck(sources.database, log);

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
    const { kind, healthy, exhausted, publishing, consuming, unconfirmed } = sources.broker();
    const status = healthy ? "ok" : "unavailable";
    const body = { status, kind, healthy, exhausted, publishing, consuming, unconfirmed } as const;
    return answer(reply, body);
  });

  server.get("/health/database", async (_request, reply) => answer(reply, await checkDatabase()));
}

function answer(reply: FastifyReply, body: { readonly status: Status }): FastifyReply {
  return reply.code(body.status === "unavailable" ? 503 : 200).send(body);
}

/** Concurrent probes share one ping, so that they do not accumulate on a database that hangs. */
function databaseCheck({ kind, ping }: DatabaseProbe, log: Log): () => Promise<DatabaseHealth> {
  let running: Promise<DatabaseHealth> | null = null;
  let isReachable = true;

  async function check(): Promise<DatabaseHealth> {
    const begin = performance.now();
    const failure = await pingFailure(ping);
    const latency = Math.round((performance.now() - begin) * 10) / 10;
    if (isReachable !== (failure === null)) {
      isReachable = failure === null;
      if (isReachable) log.info("database reachable again");
      else log.warn({ err: failure }, "database unreachable");
    }
    return failure === null
      ? { status: "ok", kind, latency }
      : { status: "unavailable", kind, latency: null };
  }

  return async () => {
    running ??= check().finally(() => {
      running = null;
    });
    return running;
  };
}

/** Why the ping did not succeed in time; null when it did. */
async function pingFailure(ping: () => Promise<void>): Promise<Error | null> {
  const answered = Promise.resolve()
    .then(ping)
    .then(
      () => null,
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    );
  return (await settlesWithin(pingTimeout, answered))
    ? await answered
    : new Error(`no response within ${pingTimeout} ms`);
}
