/** A slot among the sockets that are not authenticated yet. */
export interface Slot {
  /** The socket has sent a token: from now on it is the last of its address to be closed. */
  readonly renew: () => void;
  readonly release: () => void;
}

/**
 * Limits the number of sockets that are not authenticated yet. A new socket always gets a slot: if none is free, the address that
 * holds the most slots loses the socket that has been silent for the longest time.
 *
 * An address that opens many sockets thus harms only itself. If all clients share one address, as behind a reverse proxy, a socket is
 * closed only after as many others were opened as there are slots, and a legitimate client needs one round trip to send its token.
 * If new sockets were rejected instead, silent sockets could lock all other clients out.
 */
export class UnauthenticatedSockets {
  readonly #limit: number;
  /** By address, ordered by the time of acquisition or of the latest renewal. */
  readonly #byAddress = new Map<string, Set<Holder>>();
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#size;
  }

  /** @param close is called when another socket takes the slot */
  acquire(address: string, close: () => void): Slot {
    if (this.#size >= this.#limit) this.#closeOldest();
    const holder: Holder = { close };
    const holders = this.#byAddress.get(address) ?? new Set();
    this.#byAddress.set(address, holders);
    holders.add(holder);
    this.#size += 1;
    return {
      renew: () => {
        if (holders.delete(holder)) holders.add(holder);
      },
      release: () => this.#remove(address, holders, holder),
    };
  }

  #closeOldest(): void {
    let largest: readonly [string, Set<Holder>] | undefined;
    for (const entry of this.#byAddress) {
      if (largest === undefined || entry[1].size > largest[1].size) largest = entry;
    }
    const [oldest] = largest?.[1] ?? [];
    if (largest === undefined || oldest === undefined) return;
    this.#remove(...largest, oldest);
    oldest.close();
  }

  #remove(address: string, holders: Set<Holder>, holder: Holder): void {
    if (!holders.delete(holder)) return;
    this.#size -= 1;
    if (holders.size === 0) this.#byAddress.delete(address);
  }
}

interface Holder {
  readonly close: () => void;
}
