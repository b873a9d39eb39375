import { Heartbeat, type HeartbeatOptions } from "../connection/heartbeat.js";
import { onReconnectTrigger } from "../connection/reconnect-triggers.js";

export interface LeadershipOptions {
  /** The name of the lock: the same in all tabs that elect one leader. */
  readonly name: string;
  /** Ends the candidacy. */
  readonly signal: AbortSignal;
  readonly heartbeat: HeartbeatOptions;
  /** Asks the leader for an answer. */
  readonly ask: () => void;
  readonly onLead: () => void;
  /** Another tab has taken the leadership. */
  readonly onLoss: () => void;
}

export interface Leadership {
  /** The leader has answered. */
  heard(): void;
}

/**
 * Elects one of several tabs as the leader: the one that holds a lock (Web Locks API), which the browser passes on when that tab
 * closes or crashes. A tab may also be suspended, as browsers do in the background: then it does not answer, and a tab that
 * asked it takes the lock.
 *
 *     waiting ──the lock is free, or its holder does not answer──▶ leading ──stop──▶ ended
 *        ▲                                                           │
 *        └───────────────── another tab took the lock ───────────────┘
 *
 * Where locks are denied, as in a sandboxed frame, every tab leads.
 */
export function seekLeadership(options: LeadershipOptions): Leadership {
  const { name, signal } = options;
  let waiting = new AbortController();
  let watch: Heartbeat | null = null;

  async function lead(): Promise<void> {
    if (signal.aborted) return;
    stopWatching();
    options.onLead();
    await new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  async function wait(): Promise<void> {
    const own = new AbortController();
    waiting = own;
    // With jitter, so that not all waiting tabs take the lock at once.
    const timeout = options.heartbeat.timeout * (1 + Math.random());
    watch = new Heartbeat(options.ask, { ...options.heartbeat, timeout }, () => void take());
    watch.check();
    let isLeading = false;
    try {
      await navigator.locks.request(name, { signal: own.signal }, async () => {
        isLeading = true;
        await lead();
      });
    } catch {
      if (signal.aborted || own.signal.aborted) return;
      if (isLeading) await lose();
      else await lead();
    }
  }

  async function take(): Promise<void> {
    waiting.abort();
    try {
      await navigator.locks.request(name, { steal: true }, lead);
    } catch {
      if (!signal.aborted) await lose();
    }
  }

  async function lose(): Promise<void> {
    options.onLoss();
    await wait();
  }

  function stopWatching(): void {
    watch?.[Symbol.dispose]();
    watch = null;
  }

  const removeTriggers = onReconnectTrigger(() => watch?.check());
  signal.addEventListener(
    "abort",
    () => {
      waiting.abort();
      stopWatching();
      removeTriggers();
    },
    { once: true },
  );
  void wait();
  return { heard: () => watch?.alive() };
}
