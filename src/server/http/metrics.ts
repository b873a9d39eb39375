import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";

/** The values of GET /metrics, in addition to prom-client's own process metrics. Each function is called once per scrape. */
export interface MetricSources {
  /** Events that the broker confirmed. */
  readonly published: () => number;
  /** Of those, events that the relay published from the log, because they had not been confirmed before. */
  readonly relayed: () => number;
  /** Events that subscriptions had missed and read from the log. */
  readonly caughtUp: () => number;
  /** Repeated events that subscriptions dropped. */
  readonly repeatsDropped: () => number;
  /** Malformed live messages. */
  readonly malformed: () => number;
  /** Messages that were sent to the broker and are not confirmed yet. */
  readonly unconfirmed: () => number;
  /** Requests that wait for a database connection. */
  readonly waiting: () => number;
  readonly sockets: () => number;
  readonly subscriptions: () => number;
}

/** Adds GET /metrics in the Prometheus text format. The metrics contain no user ids and no secrets. */
export function registerMetrics(server: FastifyInstance, sources: MetricSources): void {
  // The library's default registry would be shared by all instances in the process.
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  addCounter("carillon_events_published_total", "Events that the broker confirmed", sources.published);
  addCounter("carillon_events_relayed_total", "Of those, events published from the log", sources.relayed);
  addCounter(
    "carillon_events_caught_up_total",
    "Missed events that subscriptions read from the log",
    sources.caughtUp,
  );
  addCounter(
    "carillon_repeats_dropped_total",
    "Repeated events that subscriptions dropped",
    sources.repeatsDropped,
  );
  addCounter("carillon_unreadable_messages_total", "Malformed live messages", sources.malformed);
  addGauge(
    "carillon_unconfirmed_messages",
    "Messages sent to the broker and not confirmed yet",
    sources.unconfirmed,
  );
  addGauge("carillon_waiting_requests", "Requests that wait for a database connection", sources.waiting);
  addGauge("carillon_sockets", "Open WebSockets", sources.sockets);
  addGauge("carillon_subscriptions", "Open subscriptions", sources.subscriptions);

  server.get("/metrics", async (_request, reply) =>
    reply
      .type(registry.contentType)
      .header("cache-control", "no-store")
      .send(await registry.metrics()),
  );

  function addCounter(name: string, help: string, total: () => number): void {
    const counter: Counter = new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        counter.reset();
        counter.inc(total());
      },
    });
  }

  function addGauge(name: string, help: string, value: () => number): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [registry],
      collect: () => gauge.set(value()),
    });
  }
}
