import type { ConnectionLimits } from "../connection-limits.js";

type RateLimits = Pick<ConnectionLimits, "inboundBytesPerSecond" | "inboundBytesPerSecondPerAddress">;

/** The inbound rate limit of one socket. */
export interface InboundRateLimit {
  /** Counts bytes that were read. Returns the milliseconds to wait before reading more. */
  readonly take: (bytes: number) => number;
  readonly release: () => void;
}

/**
 * Slows down sockets that send too fast, by not reading them for a while: TCP flow control then holds the sender back, and no
 * data is lost. One limit applies to each socket, another to all sockets of an address together.
 */
export class InboundRateLimiter {
  readonly #limits: RateLimits;
  readonly #byAddress = new Map<string, { readonly bucket: LeakyBucket; sockets: number }>();

  constructor(limits: RateLimits) {
    this.#limits = limits;
  }

  addSocket(address: string): InboundRateLimit {
    const bucket = new LeakyBucket(this.#limits.inboundBytesPerSecond);
    const shared = this.#byAddress.get(address) ?? {
      bucket: new LeakyBucket(this.#limits.inboundBytesPerSecondPerAddress),
      sockets: 0,
    };
    shared.sockets += 1;
    this.#byAddress.set(address, shared);
    return {
      take: (bytes) => Math.max(bucket.take(bytes), shared.bucket.take(bytes)),
      release: () => {
        shared.sockets -= 1;
        if (shared.sockets === 0) this.#byAddress.delete(address);
      },
    };
  }
}

/** A leaky bucket whose capacity is what leaks out of it in one second. */
class LeakyBucket {
  readonly #perSecond: number;
  #level = 0;
  #updatedAt = performance.now();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Returns the milliseconds until the bucket no longer overflows. */
  take(amount: number): number {
    const now = performance.now();
    const leaked = ((now - this.#updatedAt) / 1000) * this.#perSecond;
    this.#level = Math.max(0, this.#level - leaked) + amount;
    this.#updatedAt = now;
    return Math.max(0, (this.#level / this.#perSecond - 1) * 1000);
  }
}
