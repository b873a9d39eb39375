import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";

/** What GET /metrics tells, besides what prom-client knows of the process. Each is asked at each scrape. */
export interface MetricSources {
  /** Events that the broker has confirmed. */
  readonly published: () => number;
  /** Of those, the ones that were taken from the log because nobody had confirmed them. */
  readonly relayed: () => number;
  /** Events that subscriptions took from the log: what they had missed. */
  readonly caughtUp: () => number;
  /** Events that came again, and were not delivered again. */
  readonly repeatsDropped: () => number;
  /** Live messages that were no event. */
  readonly unreadable: () => number;
  /** Messages that the broker was sent and has not confirmed yet. */
  readonly unconfirmed: () => number;
  readonly sockets: () => number;
  readonly subscriptions: () => number;
}

/** Adds GET /metrics in the text format of Prometheus. It tells of no user, and of nothing secret. */
export function registerMetrics(server: FastifyInstance, sources: MetricSources): void {
  // One registry an instance: the library's own is shared by all that run in a process.
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  addCounter("carillon_events_published_total", "Events that the broker confirmed", sources.published);
  addCounter("carillon_events_relayed_total", "Of those, taken from the log later", sources.relayed);
  addCounter("carillon_events_caught_up_total", "Events read from the log by feeds", sources.caughtUp);
  addCounter("carillon_repeats_dropped_total", "Events that came again to a feed", sources.repeatsDropped);
  addCounter("carillon_unreadable_messages_total", "Live messages that were no event", sources.unreadable);
  addGauge("carillon_unconfirmed_messages", "Messages sent to the broker, unconfirmed", sources.unconfirmed);
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
