import { Backoff } from "./backoff.js";
import { Nap } from "./nap.js";
import { onWake } from "./wake.js";

/** What keeping an inbox current needs of the GraphQL client that owns the cache. */
export interface KeptInbox {
  /** Reads it into the cache, over the network. @returns the cursor at which events go on from there */
  read(): Promise<string>;
  /** Puts the events after a cursor into the cache. @returns ends it */
  follow(after: string, listener: FollowListener): () => void;
  /** Something failed; it is tried again by itself. */
  onError(error: unknown): void;
}

export interface FollowListener {
  /** An event came, and is in the cache. */
  taken(): void;
  /** The history before it is gone, or does not tell what the inbox is now: read it anew. */
  unclear(): void;
  error(error: unknown): void;
}

/**
 * Reads an inbox and follows its events, and begins again whenever that is not enough: after a reset, or a failure.
 * @returns ends it
 */
export function keep(inbox: KeptInbox): () => void {
  const backoff = new Backoff({ first: 1000, longest: 30_000 });
  const nap = new Nap();
  const unlisten = onWake(() => nap.wake());
  const stopping = new AbortController();
  const { signal } = stopping;
  let leave = (): void => undefined;

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        const cursor = await inbox.read();
        if (!signal.aborted) await follow(cursor);
      } catch (error) {
        if (signal.aborted) return;
        inbox.onError(error);
        await nap.sleep(backoff.next());
      }
    }
  }

  /** Resolves when the inbox is to be read anew. */
  async function follow(cursor: string): Promise<void> {
    let unfollow = (): void => undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        leave = resolve;
        unfollow = inbox.follow(cursor, { taken: () => backoff.reset(), unclear: resolve, error: reject });
      });
    } finally {
      unfollow();
    }
  }

  void run();
  return () => {
    stopping.abort();
    unlisten();
    leave();
    nap.wake();
  };
}
