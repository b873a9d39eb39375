/** What an instance tells of itself at GET /metrics, in the words of this suite. */
export interface Metrics {
  readonly published: number;
  readonly relayed: number;
  readonly caughtUp: number;
  readonly repeatsDropped: number;
  readonly unreadable: number;
  readonly unconfirmed: number;
  readonly sockets: number;
  readonly subscriptions: number;
  /** Bytes of memory that the process occupies. */
  readonly memory: number;
}

const names = {
  published: "carillon_events_published_total",
  relayed: "carillon_events_relayed_total",
  caughtUp: "carillon_events_caught_up_total",
  repeatsDropped: "carillon_repeats_dropped_total",
  unreadable: "carillon_unreadable_messages_total",
  unconfirmed: "carillon_unconfirmed_messages",
  sockets: "carillon_sockets",
  subscriptions: "carillon_subscriptions",
  memory: "process_resident_memory_bytes",
} satisfies Record<keyof Metrics, string>;

export async function readMetrics(url: string): Promise<Metrics> {
  const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5000) });
  const text = await response.text();
  const values = new Map(
    [...text.matchAll(/^(\w+) (\S+)$/gm)].map(([, name = "", value]) => [name, Number(value)]),
  );
  return mapMetrics((key) => {
    const value = values.get(names[key]);
    if (value === undefined) throw new Error(`${url} tells no ${names[key]}`);
    return value;
  });
}

/** Each metric, summed over instances. */
export function sumOf(all: readonly Metrics[]): Metrics {
  return mapMetrics((key) => all.reduce((sum, metrics) => sum + metrics[key], 0));
}

/** What each metric has grown by. */
export function differenceOf(after: Metrics, before: Metrics): Metrics {
  return mapMetrics((key) => after[key] - before[key]);
}

function mapMetrics(valueOf: (key: keyof Metrics) => number): Metrics {
  return {
    published: valueOf("published"),
    relayed: valueOf("relayed"),
    caughtUp: valueOf("caughtUp"),
    repeatsDropped: valueOf("repeatsDropped"),
    unreadable: valueOf("unreadable"),
    unconfirmed: valueOf("unconfirmed"),
    sockets: valueOf("sockets"),
    subscriptions: valueOf("subscriptions"),
    memory: valueOf("memory"),
  };
}
