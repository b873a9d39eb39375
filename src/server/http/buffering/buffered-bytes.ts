import type { ConnectionLimits } from "../connection-limits.js";

/** The buffered bytes of one request, response or message. They count until they are released. */
export interface BufferedEntry {
  readonly add: (bytes: number) => void;
  readonly release: () => void;
}

type ByteLimits = Pick<ConnectionLimits, "bufferedBytes" | "bufferedBytesPerAddress">;
type RateLimits = Pick<ConnectionLimits, "readTimeout" | "minReadRate">;

interface Entry {
  bytes: number;
  readonly since: number;
  readonly disconnect: () => void;
}

/** The entries of one address, oldest first. */
interface AddressEntries {
  bytes: number;
  readonly entries: Set<Entry>;
}

/** Milliseconds between two checks for entries that have been buffered for too long. */
const checkInterval = 500;

/**
 * Limits the memory that slow clients occupy: by reading responses slowly, or by sending requests slowly.
 *
 * - Above the limit of one address, its oldest entries are disconnected.
 * - Above the limit of all addresses, the oldest entries of the address with the most bytes are disconnected.
 * - An entry that is buffered for too long for its size is disconnected.
 *
 * Behind a reverse proxy all clients have the proxy's address, and the connections that have waited longest are disconnected.
 */
export class BufferedBytes {
  readonly #limits: ByteLimits;
  readonly #addresses = new Map<string, AddressEntries>();
  readonly #timer: NodeJS.Timeout | undefined;
  #total = 0;

  /** @param rate limits the time that an entry may be buffered; without it, time is not limited */
  constructor(limits: ByteLimits, rate?: RateLimits) {
    this.#limits = limits;
    if (rate !== undefined) {
      this.#timer = setInterval(() => this.#disconnectExpired(rate), checkInterval).unref();
    }
  }

  /** The buffered bytes of all entries. */
  get total(): number {
    return this.#total;
  }

  /** @param disconnect closes the connection; called at most once, and never after `release` */
  open(address: string, disconnect: () => void): BufferedEntry {
    const entry: Entry = { bytes: 0, since: performance.now(), disconnect };
    const group = this.#addresses.get(address) ?? { bytes: 0, entries: new Set() };
    this.#addresses.set(address, group);
    group.entries.add(entry);
    return {
      add: (bytes) => {
        if (!group.entries.has(entry)) return;
        entry.bytes += bytes;
        group.bytes += bytes;
        this.#total += bytes;
        this.#enforceLimits(address, group);
      },
      release: () => this.#remove(address, group, entry),
    };
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #enforceLimits(address: string, group: AddressEntries): void {
    while (group.bytes > this.#limits.bufferedBytesPerAddress) this.#disconnectOldest(address, group);
    while (this.#total > this.#limits.bufferedBytes)
      this.#disconnectOldest(...this.#largest([address, group]));
  }

  #largest(first: [string, AddressEntries]): [string, AddressEntries] {
    let largest = first;
    for (const candidate of this.#addresses) if (candidate[1].bytes > largest[1].bytes) largest = candidate;
    return largest;
  }

  #disconnectOldest(address: string, group: AddressEntries): void {
    for (const entry of group.entries) {
      if (entry.bytes === 0) continue;
      this.#disconnect(address, group, entry);
      return;
    }
  }

  #disconnect(address: string, group: AddressEntries, entry: Entry): void {
    this.#remove(address, group, entry);
    entry.disconnect();
  }

  #remove(address: string, group: AddressEntries, entry: Entry): void {
    if (!group.entries.delete(entry)) return;
    group.bytes -= entry.bytes;
    this.#total -= entry.bytes;
    if (group.entries.size === 0) this.#addresses.delete(address);
  }

  #disconnectExpired({ readTimeout, minReadRate }: RateLimits): void {
    const now = performance.now();
    for (const [address, group] of this.#addresses) {
      for (const entry of group.entries) {
        const allowed = readTimeout + (entry.bytes / minReadRate) * 1000;
        if (now - entry.since > allowed) this.#disconnect(address, group, entry);
      }
    }
  }
}
