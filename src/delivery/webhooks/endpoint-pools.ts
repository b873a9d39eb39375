import { type buildConnector, Pool } from "undici";

/** More than there are endpoints; what was used least lately is closed beyond it. */
const maxPools = 256;

/**
 * Sockets, kept alive between calls: a pool for each endpoint rather than each host, so that a slow endpoint takes none
 * from another one on the same host.
 */
export class EndpointPools {
  readonly #connect: buildConnector.connector;
  readonly #connections: number;
  /** By endpoint, the one used last at the end. */
  readonly #pools = new Map<string, { readonly origin: string; readonly pool: Pool }>();

  /** @param connections sockets that one endpoint may have open at once; more calls wait for one */
  constructor(connect: buildConnector.connector, connections: number) {
    this.#connect = connect;
    this.#connections = connections;
  }

  get(endpointId: string, origin: string): Pool {
    const entry = this.#pools.get(endpointId);
    const pool =
      entry?.origin === origin
        ? entry.pool
        : new Pool(origin, { connections: this.#connections, connect: this.#connect });
    if (entry !== undefined && entry.pool !== pool) closeWhenIdle(entry.pool);
    this.#pools.delete(endpointId);
    this.#pools.set(endpointId, { origin, pool });
    this.#closeLeastUsed();
    return pool;
  }

  /** Ends what is under way, too. */
  async destroy(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map(({ pool }) => pool.destroy()));
  }

  #closeLeastUsed(): void {
    const [oldest] = this.#pools;
    if (this.#pools.size <= maxPools || oldest === undefined) return;
    const [endpointId, { pool }] = oldest;
    this.#pools.delete(endpointId);
    closeWhenIdle(pool);
  }
}

/** Calls that are under way are answered; nobody has to wait for that. */
function closeWhenIdle(pool: Pool): void {
  pool.close().catch(() => undefined);
}
