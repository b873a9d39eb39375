import type { BufferedBytes, BufferedEntry } from "../buffering/buffered-bytes.js";
import type { ConnectionLimits } from "../connection-limits.js";

export interface UnreadMessagesOptions {
  /** The client's address, by which `outgoing` counts. */
  readonly address: string;
  /** The unread bytes of all connections. */
  readonly outgoing: BufferedBytes;
  readonly limits: Pick<ConnectionLimits, "bufferedBytesPerSocket">;
  /** The socket has more unread bytes than one may have. */
  readonly onSocketLimit: (bufferedBytes: number) => void;
  /** The limit of all sockets, or the time limit, was exceeded, and this socket is to be disconnected. */
  readonly onSharedLimit: (bufferedBytes: number) => void;
}

/**
 * Counts the messages of one WebSocket that its client has not read yet, so that a slow subscriber is disconnected instead of
 * filling the memory. The client reconnects and resumes from its cursor.
 */
export class UnreadMessages {
  readonly #options: UnreadMessagesOptions;
  readonly #entries = new Set<BufferedEntry>();
  #bytes = 0;

  constructor(options: UnreadMessagesOptions) {
    this.#options = options;
  }

  /** Counts a message until the operating system has taken it. */
  async track(bytes: number, handedOver: Promise<void>): Promise<void> {
    const { address, outgoing, limits, onSocketLimit } = this.#options;
    const entry = outgoing.open(address, () => this.#disconnect());
    this.#entries.add(entry);
    this.#bytes += bytes;
    entry.add(bytes);
    if (this.#bytes > limits.bufferedBytesPerSocket) onSocketLimit(this.#bytes);
    await handedOver;
    this.#entries.delete(entry);
    this.#bytes -= bytes;
    entry.release();
  }

  #disconnect(): void {
    for (const entry of this.#entries) entry.release();
    this.#options.onSharedLimit(this.#bytes);
  }
}
