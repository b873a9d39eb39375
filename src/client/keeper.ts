import { Backoff } from "./backoff.js";
import type { Head } from "./follower.js";
import { Nap } from "./nap.js";
import { onWake } from "./wake.js";

/** What keeping an inbox current needs of the GraphQL client that owns the cache. */
export interface KeptInbox {
  /** Reads it into the cache, over the network. */
  read(): Promise<Head>;
  /** Puts the events after a snapshot into the cache. @returns ends it */
  follow(head: Head, listener: FollowListener): () => void;
  /** Something failed; it is tried again by itself. */
  onError(error: unknown): void;
}

export interface FollowListener {
  /** An event came, and is in the cache. */
  taken(): void;
  /** The history before it is gone, or does not tell what the inbox is now: begin anew. */
  unclear(): void;
  /** An answer to anybody's query or mutation has put the past into the cache: read it again, beside the stream. */
  late(): void;
  error(error: unknown): void;
}

/**
 * Reads an inbox and follows its events, and begins again whenever that is not enough: after a reset, or a failure.
 * @returns ends it
 */
export function keep(inbox: KeptInbox): () => void {
  const backoff = new Backoff({ first: 1000, longest: 30_000 });
  const nap = new Nap();
  const stopping = new AbortController();
  const { signal } = stopping;
  const unlisten = onWake(() => nap.wake());
  let leave = (): void => undefined;
  let isLate = false;
  let isReadingAgain = false;

  /** Tries until it is done. @returns null when it was stopped */
  async function read(): Promise<Head | null> {
    while (!signal.aborted) {
      try {
        return await inbox.read();
      } catch (error) {
        await failed(error);
      }
    }
    return null;
  }

  async function failed(error: unknown): Promise<void> {
    if (signal.aborted) return;
    inbox.onError(error);
    await nap.sleep(backoff.next());
  }

  /** The answer to this may be late as well: then once more. */
  async function readAgain(): Promise<void> {
    isLate = true;
    if (isReadingAgain) return;
    isReadingAgain = true;
    while (isLate) {
      isLate = false;
      await read();
    }
    isReadingAgain = false;
  }

  async function run(): Promise<void> {
    for (let head = await read(); head !== null; head = await read()) {
      await follow(head).catch(failed);
    }
  }

  /** Resolves when the inbox is to be read anew. */
  async function follow(head: Head): Promise<void> {
    let unfollow = (): void => undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        leave = resolve;
        unfollow = inbox.follow(head, {
          taken: () => backoff.reset(),
          unclear: resolve,
          late: () => void readAgain(),
          error: reject,
        });
        if (signal.aborted) resolve();
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
