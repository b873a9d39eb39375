import { callSafely } from "../call-safely.js";
import { Backoff, defaultRetry, type RetryOptions } from "../connection/backoff.js";
import { InterruptibleSleep } from "../connection/interruptible-sleep.js";
import { onReconnectTrigger } from "../connection/reconnect-triggers.js";
import type { Snapshot } from "./inbox-projection.js";

/** What a sync loop needs of the GraphQL client that owns the cache. */
export interface SyncedInbox {
  /** Reads the inbox into the cache, over the network. */
  read(): Promise<Snapshot>;
  /** Writes the events after a snapshot into the cache. @returns ends the subscription */
  follow(snapshot: Snapshot, listener: SyncListener): () => void;
  /** Something failed; it is retried. */
  onError(error: unknown): void;
  /** When to retry. Default: a first delay of at most 1 s, doubled up to 30 s. */
  readonly retry?: RetryOptions | undefined;
}

export interface SyncListener {
  /** An event has arrived and is in the cache. */
  taken(): void;
  /** The snapshot and the events do not determine the inbox any more: start again. */
  unclear(): void;
  /** An outdated answer to some query or mutation is in the cache: read the inbox again, and keep the subscription. */
  outdated(): void;
  error(error: unknown): void;
}

/**
 * Keeps an inbox in a cache current: reads a snapshot, follows the events after it, and starts again after a reset or a failure.
 * @returns stops the loop
 */
export function startSyncLoop(inbox: SyncedInbox): () => void {
  const loop = new SyncLoop(inbox);
  return () => loop.stop();
}

class SyncLoop {
  readonly #inbox: SyncedInbox;
  readonly #backoff: Backoff;
  readonly #sleep = new InterruptibleSleep();
  readonly #removeTriggers = onReconnectTrigger(() => this.#sleep.wake());
  #isStopped = false;
  #unfollow = (): void => undefined;
  #isOutdated = false;
  #isReadingAgain = false;

  constructor(inbox: SyncedInbox) {
    this.#inbox = inbox;
    this.#backoff = new Backoff(inbox.retry ?? defaultRetry);
    void this.#run();
  }

  stop(): void {
    this.#isStopped = true;
    this.#removeTriggers();
    this.#unfollow();
    this.#sleep.wake();
  }

  async #run(): Promise<void> {
    for (let snapshot = await this.#read(); snapshot !== null; snapshot = await this.#read()) {
      await this.#follow(snapshot).catch((error: unknown) => this.#failed(error));
    }
  }

  /** Retries until it succeeds. @returns null when the loop was stopped */
  async #read(): Promise<Snapshot | null> {
    while (!this.#isStopped) {
      try {
        return await this.#inbox.read();
      } catch (error) {
        await this.#failed(error);
      }
    }
    return null;
  }

  /** Resolves when the inbox has to be read again. */
  async #follow(snapshot: Snapshot): Promise<void> {
    let unsubscribe = (): void => undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        this.#unfollow = resolve;
        unsubscribe = this.#inbox.follow(snapshot, {
          taken: () => this.#backoff.reset(),
          unclear: resolve,
          outdated: () => void this.#readAgain(),
          error: reject,
        });
        if (this.#isStopped) resolve();
      });
    } finally {
      unsubscribe();
    }
  }

  /** The answer to this may be outdated as well: then once more. */
  async #readAgain(): Promise<void> {
    this.#isOutdated = true;
    if (this.#isReadingAgain) return;
    this.#isReadingAgain = true;
    while (this.#isOutdated) {
      this.#isOutdated = false;
      await this.#read();
    }
    this.#isReadingAgain = false;
  }

  async #failed(error: unknown): Promise<void> {
    if (this.#isStopped) return;
    callSafely(() => this.#inbox.onError(error));
    await this.#sleep.for(this.#backoff.next());
  }
}
