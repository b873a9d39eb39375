import { type buildConnector, Pool } from "undici";

/** More than there are endpoints; beyond it the least recently used pool is closed. */
const maxPools = 256;

/**
 * Keep-alive sockets: a pool for each endpoint rather than for each host, so that a slow endpoint does not use up the sockets of
 * another one on the same host.
 */
export class EndpointPools {
  readonly #connect: buildConnector.connector;
  readonly #connections: number;
  /** By endpoint, the most recently used last. */
  readonly #pools = new Map<string, { readonly origin: string; readonly pool: Pool }>();

  /** @param connections the most sockets of one endpoint; further calls wait for one */
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

  /** Cancels calls in progress. */
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

/** Calls in progress finish in the background. */
function closeWhenIdle(pool: Pool): void {
  pool.close().catch(() => undefined);
}
